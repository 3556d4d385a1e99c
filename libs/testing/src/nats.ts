import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { startNats } from '@flotilla/servers/nats';
import { findNatsServer } from '@flotilla/servers/nats-binary';
import { testRun } from './test-run.js';

/** A NATS server with JetStream that one test file may do with as it likes. */
export interface TestNats {
  /** With user and password; the same after every restart. */
  readonly url: string;
  /** SIGKILL, as by a crash; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port; with `wipe` it has forgotten everything. */
  restart(options?: { wipe?: boolean }): Promise<void>;
  /** Ends it and removes what it stored. */
  stop(): Promise<void>;
}

/** Starts a NATS server for this test file. */
export async function testNats(): Promise<TestNats> {
  const dataDir = testRun.directory('nats');
  const binary = await findNatsServer({ cacheDir: join(tmpdir(), 'flotilla-bin') });
  let server = await startNats({ binary, dataDir });
  const port = Number(new URL(server.url).port);
  return {
    url: server.url,
    kill: () => server.kill(),
    restart: async ({ wipe } = {}) => {
      await server.stop();
      server = await startNats({ binary, dataDir, port, wipe });
    },
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}
