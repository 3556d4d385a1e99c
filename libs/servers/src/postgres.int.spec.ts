import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { RunningServer } from './child-process.js';
import { abandon, commandLines, occupy } from './crash.fixture.js';
import { startPostgres } from './postgres.js';

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  let parent: string;
  let dataDir: string;
  const running: RunningServer[] = [];

  beforeEach(() => {
    // Closed to everybody else, as the home of root is.
    parent = mkdtempSync(join(process.env.FLOTILLA_TEST_DIR ?? tmpdir(), 'closed-'));
    dataDir = join(parent, 'postgres');
  });

  afterEach(async () => {
    for (const server of running.splice(0)) await server.kill();
    rmSync(parent, { recursive: true });
  });

  async function start(port?: number): Promise<RunningServer> {
    const server = await startPostgres({ dataDir, port, durable: false });
    running.push(server);
    return server;
  }

  it('speaks UTF-8 and SCRAM to this machine only', async () => {
    const { url } = await start();
    const [settings] = await query(
      url,
      `SELECT current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
              current_setting('server_encoding') AS encoding, rolpassword LIKE 'SCRAM-SHA-256$%' AS scram
       FROM pg_authid WHERE rolname = 'postgres'`,
    );
    expect(settings).toEqual({
      addresses: '127.0.0.1',
      sockets: '',
      encoding: 'UTF8',
      scram: true,
    });
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'SELECT')).rejects.toThrow(/password authentication failed/);
  });

  it('keeps its password to its owner', async () => {
    const { url } = await start();
    const { password } = new URL(url);
    expect(statSync(join(dataDir, 'server.json')).mode & 0o777).toBe(0o600);
    expect(commandLines()).not.toContain(password);
  });

  it('comes back with its data at the same address', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept (id int)');
    await first.stop();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT * FROM kept')).toEqual([]);
  });

  it('keeps what was committed before a crash', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS id');
    await first.kill();
    expect(await query((await start()).url, 'SELECT id FROM kept')).toEqual([{ id: 7 }]);
  });

  it('moves to another port when somebody has taken its own', async () => {
    const first = await start();
    await first.stop();
    const release = await occupy(Number(new URL(first.url).port));
    const second = await start();
    expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
    await query(second.url, 'SELECT');
    await release();
  });

  it('is started once at a time', async () => {
    await start();
    await expect(start()).rejects.toThrow(`in use by process ${process.pid}`);
  });

  it('takes over from a starter that was killed', async () => {
    const orphan = await abandon('postgres', { dataDir });
    await query(orphan.url, 'CREATE TABLE kept (id int)');
    const heir = await start();
    expect(heir.pid).not.toBe(orphan.pid);
    expect(await query(heir.url, 'SELECT * FROM kept')).toEqual([]);
  });

  it('begins anew when making the cluster was interrupted', async () => {
    mkdirSync(join(dataDir, 'cluster'), { recursive: true });
    writeFileSync(join(dataDir, 'cluster/PG_VERSION'), '18\n');
    writeFileSync(join(dataDir, 'server.json'), '{"password":"abc"}');
    await query((await start()).url, 'SELECT');
  });

  it('leaves alone what is not its own', async () => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'thesis.tex'), 'mine');
    await expect(start()).rejects.toThrow(/is not empty/);
    expect(readFileSync(join(dataDir, 'thesis.tex'), 'utf8')).toBe('mine');
  });

  it('says why it does not start', async () => {
    await (await start()).stop();
    writeFileSync(join(dataDir, 'cluster/postgresql.conf'), 'no_such_setting = 1\n');
    await expect(start()).rejects.toThrow(/no_such_setting/);
  });
});
