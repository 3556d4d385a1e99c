import type { RunningService } from '@flotilla/runtime/bootstrap';
import type { TestDatabase } from './postgres.js';
import type { TestNats } from './nats.js';

/** What a service under test runs against; its owner ends these after the service. */
export interface TestServiceOptions {
  database?: Pick<TestDatabase, 'url'>;
  nats?: Pick<TestNats, 'url'>;
  /** More of its environment. */
  env?: Record<string, string>;
}

/** Starts a service in this process by its `bootstrap`, on a port of its own, with nothing of this process's environment. */
export function testService(
  bootstrap: (env: NodeJS.ProcessEnv) => Promise<RunningService>,
  { database, nats, env }: TestServiceOptions,
): Promise<RunningService> {
  return bootstrap({
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    ...(database && { DATABASE_URL: database.url }),
    ...(nats && { NATS_URL: nats.url }),
    ...env,
  });
}
