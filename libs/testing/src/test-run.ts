import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

/** What jest's global setup has prepared for this run, from the environment that workers inherit. */
export const testRun = {
  /** The administrator's URL of the run's PostgreSQL cluster. */
  get databaseUrl(): string {
    return prepared('FLOTILLA_TEST_DATABASE_URL');
  },
  /** A directory of its own, removed with everything that runs in it when the tests have ended. */
  directory(name: string): string {
    return mkdtempSync(join(prepared('FLOTILLA_TEST_DIR'), `${name}-`));
  },
};

function prepared(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this under jest's project int or journeys`);
  return value;
}
