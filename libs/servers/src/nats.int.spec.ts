import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { RunningServer } from './child-process.js';
import { abandon, commandLines, occupy } from './crash.fixture.js';
import { findNatsServer } from './nats-binary.js';
import { startNats } from './nats.js';
import { identify } from './process-identity.js';

function connectTo(url: string, password = new URL(url).password): Promise<NatsConnection> {
  const { host, username } = new URL(url);
  return connect({ servers: host, user: username, pass: password, reconnect: false });
}

describe('startNats', () => {
  let parent: string;
  let dataDir: string;
  let binary: string;
  const running: RunningServer[] = [];

  beforeEach(async () => {
    parent = mkdtempSync(join(process.env.FLOTILLA_TEST_DIR ?? tmpdir(), 'nats-'));
    dataDir = join(parent, 'nats');
    binary = await findNatsServer({ cacheDir: parent });
  });

  afterEach(async () => {
    for (const server of running.splice(0)) await server.kill();
    rmSync(parent, { recursive: true });
  });

  async function start(port?: number): Promise<RunningServer> {
    const server = await startNats({ binary, dataDir, port });
    running.push(server);
    return server;
  }

  it('has JetStream, on this machine only', async () => {
    const connection = await connectTo((await start()).url);
    expect(connection.info).toMatchObject({
      host: '127.0.0.1',
      jetstream: true,
      max_payload: 8 * 1024 * 1024,
    });
    await connection.close();
  });

  it('lets in nobody without its password, which its owner alone can read', async () => {
    const { url } = await start();
    await expect(connectTo(url, 'wrong')).rejects.toThrow(/authorization/i);
    const { password } = new URL(url);
    for (const name of ['server.json', 'nats.conf']) {
      expect(readFileSync(join(dataDir, name), 'utf8')).toContain(password);
      expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600);
    }
    expect(commandLines()).not.toContain(password);
  });

  it('comes back at the same address', async () => {
    const first = await start();
    await first.stop();
    expect((await start()).url).toBe(first.url);
  });

  it('takes over from a starter that was killed', async () => {
    const orphan = await abandon('nats', { binary, dataDir });
    const heir = await start();
    expect(heir.url).toBe(orphan.url);
    expect(identify(orphan.pid)).toBeUndefined();
  });

  it('insists on a port that it was given', async () => {
    const { url } = await start();
    const port = Number(new URL(url).port);
    await running.pop()?.stop();
    const release = await occupy(port);
    await expect(start(port)).rejects.toThrow(/address already in use/);
    await release();
    expect((await start(port)).url).toBe(url);
  });
});
