import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const POLL_MS = 200;
/** Another replica may have long migrations to run; it is not waited for indefinitely. */
const LOCK_WAIT_MS = 10 * 60_000;

/**
 * Runs `work` while no other process migrates this database.
 * The lock is asked for again and again: who waits inside PostgreSQL holds a snapshot, and CREATE INDEX
 * CONCURRENTLY waits for all snapshots, so waiting would be a deadlock.
 * @throws Error when others still hold it after ten minutes.
 */
export async function withMigrationLock<Result>(
  where: { service: string; databaseUrl: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({
    connectionString: where.databaseUrl,
    application_name: `migrate ${where.service}`,
  });
  // A lost connection is a lost lock; the work's own connections are lost with it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await takeLock(client);
    return await work();
  } finally {
    await client.end(); // PostgreSQL releases the lock with its session
  }
}

async function takeLock(client: pg.Client): Promise<void> {
  const giveUpAt = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>(
      `SELECT pg_try_advisory_lock(hashtextextended('flotilla.migrations', 0)) AS taken`,
    );
    if (rows[0]?.taken) return;
    if (performance.now() > giveUpAt) throw new Error('Another process is still migrating');
    await sleep(POLL_MS);
  }
}
