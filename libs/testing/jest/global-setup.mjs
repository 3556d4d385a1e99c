import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endTestRun, endAbandonedTestRuns, PREFIX } from './test-runs.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** One PostgreSQL cluster and one directory for everything that this run's tests start. */
export default async function globalSetup() {
  execFileSync(process.execPath, ['node_modules/typescript7/bin/tsc', '-b', 'libs/servers'], {
    cwd: root,
    stdio: 'inherit',
  });
  await endAbandonedTestRuns();
  const directory = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  process.env.FLOTILLA_TEST_DIR = directory;
  const cluster = await startCluster(directory);
  process.env.FLOTILLA_TEST_DATABASE_URL = cluster.url;
  globalThis.endTestRun = async () => {
    await cluster.stop();
    await endTestRun(directory);
  };
}

async function startCluster(directory) {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  if (process.env.FLOTILLA_TEST_POSTGRES === 'docker') return startContainer();
  const { startPostgres } = await import('../../servers/dist/postgres.js');
  return startPostgres({ dataDir: join(directory, 'postgres'), durable: false });
}

async function startContainer() {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer('postgres:18-alpine').start();
  return { url: container.getConnectionUri(), stop: () => container.stop() };
}
