import type { ServiceProcess } from '../fleet-directory.js';
import { countsAt } from './metrics.js';

/** BEGIN, and COMMIT or ROLLBACK. */
const PER_TRANSACTION = 2;

/** The SQL statements that the services have sent so far, as their own metrics count them. Undefined when one does not tell. */
export async function statementsSent(
  processes: readonly ServiceProcess[],
): Promise<number | undefined> {
  const services = processes.filter(({ service }) => service !== 'gateway');
  // Several services may share a process, and each of them then has its own port.
  try {
    const counts = await Promise.all(services.map(({ port }) => statementsOf(port)));
    return services.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
  } catch {
    return undefined;
  }
}

async function statementsOf(port: number): Promise<number> {
  const [statements, transactions] = await countsAt(
    port,
    'db_statement_seconds_count',
    'db_transactions_total',
  );
  return statements! + PER_TRANSACTION * transactions!;
}
