import { eventually } from '@flotilla/testing/eventually';
import type { RunningFleet } from '@flotilla/testing/fleet';
import { withinDatabase } from './actions.js';

/** The stock of a product in the hands of a test: whoever wants to change it waits. */
export interface LockedStock {
  /** Resolves when so many transactions wait. */
  isWantedBy(count: number): Promise<void>;
  release(): Promise<void>;
}

export async function lockedStock(fleet: RunningFleet, sku: string): Promise<LockedStock> {
  const client = await withinDatabase(fleet, 'inventory');
  await client.query('BEGIN');
  await client.query(
    'SELECT 1 FROM stock JOIN products ON id = product_id WHERE sku = $1 FOR UPDATE OF stock',
    [sku],
  );
  return {
    isWantedBy: (count) =>
      eventually(async () => {
        const { rowCount } = await client.query(
          `SELECT 1 FROM pg_stat_activity
           WHERE wait_event_type = 'Lock' AND pg_backend_pid() = ANY (pg_blocking_pids(pid))`,
        );
        if (rowCount !== count) throw new Error(`${rowCount} wait`);
      }),
    release: async () => {
      await client.query('ROLLBACK');
      await client.end();
    },
  };
}
