import { startNats } from '@flotilla/servers/nats';
import { findNatsServer } from '@flotilla/servers/nats-binary';
import { startPostgres } from '@flotilla/servers/postgres';
import { startRedis } from '@flotilla/servers/redis';
import { findRedisServer } from '@flotilla/servers/redis-binary';
import { baseName, withDatabase } from '../database-names.js';
import type { FleetDirectory } from '../fleet-directory.js';
import type { Output } from '../output.js';
import { KeptServer } from './kept-server.js';

/** What the services stand on. */
export interface Infrastructure {
  /** Of the administrator; the name of its database is what all databases of the fleet begin with. */
  databaseUrl: string;
  natsUrl: string;
  /** Null where there is no Redis to be had. */
  redisUrl: string | null;
  /** Stops what was started, and nothing else. */
  stop(): Promise<void>;
}

/** Servers that somebody else runs: those named in the environment are used, the others started. */
export interface ExternalServers {
  DATABASE_URL?: string;
  NATS_URL?: string;
  REDIS_URL?: string;
}

/**
 * PostgreSQL, NATS and, where there is one, Redis, under `DIR/postgres`, `DIR/nats` and `DIR/redis` unless the environment names others.
 * @throws Error when one cannot be started or the signal aborts; nothing is left running then
 */
export async function startInfrastructure(
  directory: FleetDirectory,
  external: ExternalServers,
  output: Output,
  signal: AbortSignal,
): Promise<Infrastructure> {
  const started: KeptServer[] = [];
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
  };
  const keep = async (url: string | undefined, start: () => Promise<KeptServer | undefined>) => {
    if (url) return url;
    const server = await start();
    if (server) started.push(server);
    return server?.url;
  };
  const outcomes = await Promise.allSettled([
    keep(external.DATABASE_URL, () => keptPostgres(directory, output, signal)),
    keep(external.NATS_URL, () => keptNats(directory, output, signal)),
    keep(external.REDIS_URL, () => keptRedis(directory, output, signal)),
  ]);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const [databaseUrl, natsUrl, redisUrl] = outcomes.map((outcome) =>
    outcome.status === 'fulfilled' ? outcome.value : undefined,
  ) as [string, string, string | undefined];
  return {
    databaseUrl: withDatabase(databaseUrl, baseName(databaseUrl)),
    natsUrl,
    redisUrl: redisUrl ?? null,
    stop,
  };
}

/** PostgreSQL alone, for commands that need nothing else. */
export async function keptPostgres(
  directory: FleetDirectory,
  output: Output,
  signal?: AbortSignal,
): Promise<KeptServer> {
  const dataDir = directory.make('postgres');
  const tell = (text: string) => output.step(text);
  const server = await KeptServer.start(
    'PostgreSQL',
    async (how) => {
      const onProgress = how.port ? undefined : tell;
      const running = await startPostgres({ dataDir, onProgress, ...how });
      return { ...running, url: withDatabase(running.url, 'flotilla') };
    },
    tell,
    signal,
  );
  output.step('PostgreSQL is up');
  return server;
}

async function keptNats(
  directory: FleetDirectory,
  output: Output,
  signal: AbortSignal,
): Promise<KeptServer> {
  const tell = (text: string) => output.step(text);
  const cacheDir = directory.file('bin');
  const binary = await findNatsServer({ cacheDir, onProgress: tell, signal });
  const dataDir = directory.make('nats');
  const server = await KeptServer.start(
    'NATS',
    (how) => startNats({ binary, dataDir, ...how }),
    tell,
    signal,
  );
  output.step('NATS is up');
  return server;
}

/** Undefined, and said so, where this machine has no Redis and cannot fetch one: limits are then each gateway's own. */
async function keptRedis(
  directory: FleetDirectory,
  output: Output,
  signal: AbortSignal,
): Promise<KeptServer | undefined> {
  const tell = (text: string) => output.step(text);
  const cacheDir = directory.file('bin');
  const binary = await findRedisServer({ cacheDir, onProgress: tell, signal });
  if (!binary) {
    output.step('no Redis here (apt-get install redis-server): rate limits count per gateway');
    return undefined;
  }
  const dataDir = directory.make('redis');
  const server = await KeptServer.start(
    'Redis',
    (how) => startRedis({ binary, dataDir, ...how }),
    tell,
    signal,
  );
  output.step('Redis is up');
  return server;
}
