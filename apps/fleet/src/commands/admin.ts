import { isAppError } from '@flotilla/contracts/errors';
import type { Command } from 'commander';
import pg from 'pg';
import { ensureAdministrator, makeKey } from '../administrators.js';
import { adminDatabaseUrl } from '../database-names.js';
import { newAdministrator } from '../fleet-directory.js';
import { Operator } from '../operator.js';
import { Output, UsageError } from '../output.js';
import { databaseUrlOf, type FleetOptions, natsUrlOf, withFleetOptions } from './fleet-options.js';

interface AdminOptions extends FleetOptions {
  email?: string;
}

/** What `admin create --json` says. */
interface CreatedAdministrator {
  email: string;
  /** Null for an account that was there before: it keeps its own. */
  password: string | null;
  apiKey: string;
}

/** `admin create`: an administrator and an API key with every permission, both shown this once. */
export function adminCommand(program: Command): void {
  const admin = program.command('admin').description('the administrators of a fleet');
  withFleetOptions(admin.command('create'))
    .description('make an administrator, and an API key with every permission')
    .option('--email <address>', 'of the account; one that is there already gets another key')
    .action(async (options: AdminOptions) => {
      const output = new Output(options.json);
      const created = await createAdministrator(options);
      output.result(created, inWords(created));
    });
}

async function createAdministrator(options: AdminOptions): Promise<CreatedAdministrator> {
  const natsUrl = natsUrlOf(options);
  const administrator = newAdministrator(options.email?.trim().toLowerCase());
  // Looked up before, not told by the answer: an answer may be lost, and asking again finds the account that it made.
  const isKnown = options.email !== undefined && (await hasAccount(options, administrator.email));
  const operator = await Operator.connect(natsUrl);
  try {
    const account = await ensureAdministrator(operator, administrator);
    const apiKey = await makeKey(operator, account);
    return { email: account.email, password: isKnown ? null : administrator.password, apiKey };
  } catch (error) {
    if (!isAppError(error, 'validation-failed')) throw error;
    throw new UsageError(`--email: ${administrator.email} is not an e-mail address`);
  } finally {
    await operator.close();
  }
}

async function hasAccount(options: FleetOptions, email: string): Promise<boolean> {
  const connectionString = adminDatabaseUrl(databaseUrlOf(options), 'identity');
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM accounts WHERE email = $1', [email]);
    return rowCount === 1;
  } finally {
    await client.end();
  }
}

function inWords({ email, password, apiKey }: CreatedAdministrator): string {
  const account =
    password === null
      ? `${email} has an account already, which keeps its password; here is another key for it.`
      : `E-mail:   ${email}\nPassword: ${password}`;
  return `${account}\nAPI key:  ${apiKey}\nNobody can show this a second time.`;
}
