import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
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
  /** Whether nobody in this run has asked for this name before: one of all test files, in whichever process, is told so. */
  isFirst(name: string): boolean {
    try {
      writeFileSync(join(prepared('FLOTILLA_TEST_DIR'), `${name}.taken`), '', { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  },
  /** The same for all test files that ask for this name. */
  sharedDirectory(name: string): string {
    const directory = join(prepared('FLOTILLA_TEST_DIR'), name);
    mkdirSync(directory, { recursive: true });
    return directory;
  },
};

function prepared(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this by jest, in any project but unit`);
  return value;
}
