import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '@flotilla/servers/redis';
import { findRedisServer } from '@flotilla/servers/redis-binary';
import { testRun } from './test-run.js';

/** A Redis that one test file may do with as it likes. */
export interface TestRedis {
  /** With the password; the same after every restart. */
  readonly url: string;
  /** SIGKILL, as by a crash; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: it takes connections and answers nothing. */
  pause(): void;
  resume(): void;
  /** Starts it again on the same port, with what it had written down. */
  restart(): Promise<void>;
  /** Ends it and removes what it stored. */
  stop(): Promise<void>;
}

/** Starts a Redis for this test file. @throws Error where there is none to be had */
export async function testRedis(): Promise<TestRedis> {
  const dataDir = testRun.directory('redis');
  const binary = await findRedisServer({ cacheDir: join(tmpdir(), 'flotilla-bin') });
  if (!binary) throw new Error('There is no redis-server on this machine.');
  let server = await startRedis({ binary, dataDir });
  const port = Number(new URL(server.url).port);
  return {
    url: server.url,
    kill: () => server.kill(),
    pause: () => process.kill(server.pid, 'SIGSTOP'),
    resume: () => process.kill(server.pid, 'SIGCONT'),
    restart: async () => {
      await server.stop();
      server = await startRedis({ binary, dataDir, port });
    },
    stop: async () => {
      process.kill(server.pid, 'SIGCONT');
      await server.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}
