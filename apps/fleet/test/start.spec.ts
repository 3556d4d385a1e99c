import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@flotilla/testing/eventually';
import type { FleetFile } from '@flotilla/testing/fleet';
import { HttpClient } from '@flotilla/testing/http-client';
import { testRun } from '@flotilla/testing/test-run';

const PROGRAM = fileURLToPath(new URL('../bin/fleet.mjs', import.meta.url));
const READY_MS = 120_000;

/** `fleet start` as a shell runs it: in a process group of its own, which Ctrl-C reaches as a whole. */
class Starter {
  output = '';
  private readonly child;
  readonly exited: Promise<number | null>;

  constructor(
    readonly directory: string,
    ...args: string[]
  ) {
    const hidden = /^(NODE_ENV|JEST_.*|FLOTILLA_TEST_.*|DATABASE_URL|NATS_URL|REDIS_URL)$/;
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !hidden.test(name)),
    );
    this.child = spawn(process.execPath, [PROGRAM, 'start', '--data', directory, ...args], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    this.exited = new Promise((resolve) => this.child.once('exit', resolve));
    starters.push(this);
  }

  get file(): FleetFile {
    return JSON.parse(readFileSync(join(this.directory, 'fleet.json'), 'utf8')) as FleetFile;
  }

  async ready(): Promise<HttpClient> {
    const failed = this.exited.then((code) =>
      Promise.reject(new Error(`ended with ${code}: ${this.output}`)),
    );
    failed.catch(() => undefined);
    const up = eventually(() => existsSync(join(this.directory, 'fleet.json')), {
      timeoutMs: READY_MS,
      everyMs: 100,
    });
    await Promise.race([up, failed]);
    return new HttpClient(this.file.url, { 'x-api-key': this.file.apiKey });
  }

  signal(name: NodeJS.Signals, group = false): void {
    if (this.child.exitCode === null && this.child.signalCode === null)
      process.kill(group ? -this.child.pid! : this.child.pid!, name);
  }
}

const starters: Starter[] = [];
afterEach(async () => {
  for (const starter of starters.splice(0)) {
    starter.signal('SIGTERM');
    await starter.exited;
  }
}, 60_000);

/** Processes whose command line or environment names the directory. */
function processesOf(directory: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .filter((pid) => {
      try {
        const text =
          readFileSync(`/proc/${pid}/cmdline`, 'utf8') +
          readFileSync(`/proc/${pid}/environ`, 'utf8');
        return text.includes(directory);
      } catch {
        return false;
      }
    });
}

function compileCacheOf(starter: Starter): string | undefined {
  const environment = readFileSync(`/proc/${starter.file.processes[0]!.pid}/environ`, 'utf8');
  return /(?:^|\0)NODE_COMPILE_CACHE=([^\0]*)/.exec(environment)?.[1];
}

describe('fleet start', () => {
  it('places an order as proof, says how to go on, and Ctrl-C leaves nothing behind', async () => {
    const starter = new Starter(testRun.directory('start'), '--port', '0');
    const client = await starter.ready();
    await eventually(() => /curl /.test(starter.output) && /Ctrl-C/.test(starter.output));
    expect(starter.output).toContain(starter.file.url);
    expect(starter.output).toMatch(/^Documentation: docs\/api\.md$/m);
    const pasted = /^ +(curl .*)$/m.exec(starter.output)![1]!;
    const answer = JSON.parse(execFileSync('sh', ['-c', pasted], { encoding: 'utf8' })) as object;
    expect(answer).toMatchObject({ status: 'confirmed', items: [{ quantity: 2 }] });
    expect((await client.get<{ data: unknown[] }>('/api/v1/orders')).body.data).toHaveLength(2);
    expect(statSync(join(starter.directory, 'fleet.json')).mode & 0o777).toBe(0o600);
    const services = new Set(starter.file.processes.map(({ service }) => service));
    expect([...services].sort()).toEqual([
      'api-keys',
      'gateway',
      'identity',
      'inventory',
      'notifications',
      'orders',
      'users',
    ]);
    const pids = starter.file.processes.map(({ pid }) => pid);
    expect(new Set(pids).size).toBe(7);

    starter.signal('SIGINT', true);
    expect(await starter.exited).toBe(0);
    expect(processesOf(starter.directory)).toEqual([]);
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  }, 180_000);

  it('tells how every process fares, on the port that it names', async () => {
    const starter = new Starter(testRun.directory('start'), '--port', '0', '--no-demo');
    await starter.ready();
    for (const { service, port } of starter.file.processes) {
      const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
      expect([service, (await ask('/healthz')).status]).toEqual([service, 200]);
      expect([service, (await ask('/readyz')).status]).toEqual([service, 200]);
      // A gateway's port is public; its figures are on another.
      const figures = await ask('/metrics');
      expect([service, figures.status]).toEqual([service, service === 'gateway' ? 404 : 200]);
      if (service !== 'gateway') expect(await figures.text()).toContain(`service="${service}"`);
    }
  }, 180_000);

  it('ends soon after a Ctrl-C at any moment of its start', async () => {
    for (const moment of [/making a PostgreSQL cluster/, /is up/, /migrations applied/]) {
      const starter = new Starter(testRun.directory('start'), '--port', '0');
      await eventually(() => moment.test(starter.output), { timeoutMs: READY_MS });
      const asked = performance.now();
      starter.signal('SIGINT', true);
      expect(await starter.exited).toBe(0);
      expect(performance.now() - asked).toBeLessThan(10_000);
      expect(processesOf(starter.directory)).toEqual([]);
    }
  }, 180_000);

  it('keeps its data, its key and its order from one start to the next', async () => {
    const directory = testRun.directory('start');
    const first = new Starter(directory, '--port', '0');
    const before = (await (await first.ready()).get('/api/v1/orders')).body;
    const { apiKey } = first.file;
    expect(compileCacheOf(first)).toBeUndefined(); // it would write one, and so end late
    await eventually(() => existsSync(join(directory, 'cache/complete')), { timeoutMs: 60_000 });
    first.signal('SIGINT');
    expect(await first.exited).toBe(0);
    const second = new Starter(directory, '--port', '0');
    const client = await second.ready();
    expect(second.file.apiKey).toBe(apiKey);
    expect(compileCacheOf(second)).toBe(join(directory, 'cache'));
    expect((await client.get('/api/v1/orders')).body).toEqual(before);
  }, 180_000);

  it('shows a crashed service and starts it again', async () => {
    const starter = new Starter(testRun.directory('start'), '--port', '0', '--no-demo');
    const client = await starter.ready();
    const pidOf = () => starter.file.processes.find(({ service }) => service === 'users')!.pid;
    const crashed = pidOf();
    process.kill(crashed, 'SIGKILL');
    await eventually(() => pidOf() !== crashed, { timeoutMs: 30_000 });
    expect(starter.output).toMatch(/users.*(start|again|ended|crash)/i);
    await eventually(async () => (await client.get('/readyz')).status === 200);
  }, 180_000);

  it('starts again after kill -9 of the starter, and runs two fleets at once', async () => {
    const directory = testRun.directory('start');
    const killed = new Starter(directory, '--port', '0', '--no-demo');
    await killed.ready();
    const { pid } = killed.file.processes[0]!;
    killed.signal('SIGKILL');
    await killed.exited;
    const beside = new Starter(
      testRun.directory('start'),
      '--port',
      '0',
      '--no-demo',
      '--single-process',
    );
    const again = new Starter(directory, '--port', '0', '--no-demo');
    await eventually(
      () => existsSync(join(directory, 'fleet.json')) && again.file.processes[0]!.pid !== pid,
      {
        timeoutMs: READY_MS,
        everyMs: 100,
      },
    );
    const clients = await Promise.all([again.ready(), beside.ready()]);
    for (const client of clients) expect((await client.get('/api/v1/orders')).status).toBe(200);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  }, 240_000);

  it('refuses a second start in the same directory, saying why', async () => {
    const starter = new Starter(
      testRun.directory('start'),
      '--port',
      '0',
      '--no-demo',
      '--single-process',
    );
    await starter.ready();
    const second = new Starter(starter.directory, '--port', '0');
    expect(await second.exited).toBe(1);
    expect(second.output).toMatch(/running/i);
  }, 180_000);
});
