import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningServer } from './child-process.js';
import { abandon, commandLines } from './crash.fixture.js';
import { identify } from './process-identity.js';
import { findRedisServer, type RedisBinary } from './redis-binary.js';
import { startRedis } from './redis.js';

/** Says commands on one connection and answers with all that comes back. */
function say(url: string, commands: string[], password = new URL(url).password): Promise<string> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port: Number(port), host: hostname });
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', reject);
    socket.on('end', () => resolve(answer));
    socket.write([`AUTH ${password}`, ...commands, 'QUIT', ''].join('\r\n'));
  });
}

describe('startRedis', () => {
  let parent: string;
  let dataDir: string;
  let binary: RedisBinary;
  const running: RunningServer[] = [];

  beforeEach(async () => {
    parent = mkdtempSync(join(process.env.FLOTILLA_TEST_DIR ?? tmpdir(), 'redis-'));
    dataDir = join(parent, 'redis');
    binary = (await findRedisServer({ cacheDir: parent }))!;
  });

  afterEach(async () => {
    for (const server of running.splice(0)) await server.kill();
    rmSync(parent, { recursive: true });
  });

  async function start(): Promise<RunningServer> {
    const server = await startRedis({ binary, dataDir });
    running.push(server);
    return server;
  }

  it('lets in nobody without its password, which its owner alone can read', async () => {
    const { url } = await start();
    expect(await say(url, ['PING'], 'wrong')).toMatch(/^-WRONGPASS[^]*-NOAUTH/);
    const { password } = new URL(url);
    for (const name of ['server.json', 'redis.conf']) {
      expect(readFileSync(join(dataDir, name), 'utf8')).toContain(password);
      expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600);
    }
    expect(commandLines()).not.toContain(password);
  });

  it('comes back at the same address with what it had', async () => {
    const first = await start();
    expect(await say(first.url, ['SET a 7'])).toContain('+OK');
    await first.stop();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await say(second.url, ['GET a'])).toContain('$1\r\n7');
  });

  it('takes over from a starter that was killed', async () => {
    const orphan = await abandon('redis', { binary, dataDir });
    const heir = await start();
    expect(heir.url).toBe(orphan.url);
    expect(identify(orphan.pid)).toBeUndefined();
  });
});
