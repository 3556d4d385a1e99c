import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@flotilla/testing/eventually';
import type { FleetFile } from '@flotilla/testing/fleet';
import { HttpClient } from '@flotilla/testing/http-client';
import { sample } from '@flotilla/testing/sample';
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

  get fileName(): string {
    return join(this.directory, 'fleet.json');
  }

  get file(): FleetFile {
    return JSON.parse(readFileSync(this.fileName, 'utf8')) as FleetFile;
  }

  async ready(): Promise<HttpClient> {
    const failed = this.exited.then((code) =>
      Promise.reject(new Error(`ended with ${code}: ${this.output}`)),
    );
    failed.catch(() => undefined);
    const up = eventually(() => existsSync(this.fileName), {
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
afterAll(async () => {
  for (const starter of starters) {
    starter.signal('SIGTERM');
    await starter.exited;
  }
});

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

/** A start costs ten seconds of the whole machine: each test takes the fleet as the one before has left it. */
describe('fleet start', () => {
  const directory = testRun.directory('start');
  let starter: Starter;
  let client: HttpClient;
  const pidOf = (service: string) =>
    starter.file.processes.find((one) => one.service === service)!.pid;
  const orders = async () => (await client.get<{ data: unknown[] }>('/api/v1/orders')).body;

  beforeAll(async () => {
    starter = new Starter(directory, '--port', '0');
    client = await starter.ready();
  }, 150_000);

  it('places an order as proof, and says how to go on', async () => {
    await eventually(() => /curl /.test(starter.output) && /Ctrl-C/.test(starter.output));
    expect(starter.output).toContain(starter.file.url);
    expect(starter.output).toMatch(/^Documentation: docs\/api\.md$/m);
    const pasted = /^ +(curl .*)$/m.exec(starter.output)![1]!;
    const answer = JSON.parse(execFileSync('sh', ['-c', pasted], { encoding: 'utf8' })) as object;
    expect(answer).toMatchObject({ status: 'confirmed', items: [{ quantity: 2 }] });
    expect((await orders()).data).toHaveLength(2);
    expect(statSync(join(directory, 'fleet.json')).mode & 0o777).toBe(0o600);
  });

  it('has a process for each service, and tells how it fares on the port that it names', async () => {
    const services = starter.file.processes.map(({ service }) => service);
    expect(services.toSorted()).toEqual([
      'api-keys',
      'gateway',
      'identity',
      'inventory',
      'notifications',
      'orders',
      'users',
    ]);
    expect(new Set(starter.file.processes.map(({ pid }) => pid)).size).toBe(7);
    for (const { service, port } of starter.file.processes) {
      const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
      expect([service, (await ask('/healthz')).status]).toEqual([service, 200]);
      expect([service, (await ask('/readyz')).status]).toEqual([service, 200]);
      // A gateway's port is public; its figures are on another.
      const figures = await ask('/metrics');
      expect([service, figures.status]).toEqual([service, service === 'gateway' ? 404 : 200]);
      if (service !== 'gateway') expect(await figures.text()).toContain(`service="${service}"`);
    }
  });

  it('shows a crashed service and starts it again', async () => {
    const crashed = pidOf('users');
    process.kill(crashed, 'SIGKILL');
    await eventually(() => pidOf('users') !== crashed);
    expect(starter.output).toMatch(/users.*(start|again|ended|crash)/i);
    await eventually(async () => (await client.get('/readyz')).status === 200);
  });

  it('refuses a second start in the same directory, saying why', async () => {
    const second = new Starter(directory, '--port', '0');
    expect(await second.exited).toBe(1);
    expect(second.output).toMatch(/running/i);
  });

  it('leaves nothing behind after a Ctrl-C, and keeps its data, its key and its orders for the next start', async () => {
    const before = await orders();
    const { apiKey, processes } = starter.file;
    expect(compileCacheOf(starter)).toBeUndefined(); // it would write one, and so end late
    await eventually(() => existsSync(join(directory, 'cache/complete')), { timeoutMs: 60_000 });
    starter.signal('SIGINT', true);
    expect(await starter.exited).toBe(0);
    expect(processesOf(directory)).toEqual([]);
    expect(processes.filter(({ pid }) => existsSync(`/proc/${pid}`))).toEqual([]);

    starter = new Starter(directory, '--port', '0');
    client = await starter.ready();
    expect(starter.file.apiKey).toBe(apiKey);
    expect(compileCacheOf(starter)).toBe(join(directory, 'cache'));
    expect(await orders()).toEqual(before);
  }, 240_000);

  it('starts again after kill -9 of the starter, and beside another fleet', async () => {
    const { pid } = starter.file.processes[0]!;
    starter.signal('SIGKILL');
    await starter.exited;
    const flags = ['--port', '0', '--no-demo', '--single-process'];
    const beside = new Starter(testRun.directory('start'), ...flags);
    starter = new Starter(directory, '--port', '0', '--no-demo');
    const isAgain = () => existsSync(starter.fileName) && starter.file.processes[0]!.pid !== pid;
    await eventually(isAgain, { timeoutMs: READY_MS, everyMs: 100 });
    const clients = await Promise.all([starter.ready(), beside.ready()]);
    for (const one of clients) expect((await one.get('/api/v1/orders')).status).toBe(200);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  }, 240_000);

  const moments = [/making a PostgreSQL cluster/, /is up/, /migrations applied/];
  it.each(sample('moments of a Ctrl-C', moments, 1))(
    'ends by a Ctrl-C at any moment of its start, and leaves nothing behind: %s',
    async (moment) => {
      const starting = new Starter(testRun.directory('start'), '--port', '0');
      await eventually(() => moment.test(starting.output), { timeoutMs: READY_MS });
      starting.signal('SIGINT', true);
      expect(await starting.exited).toBe(0);
      expect(processesOf(starting.directory)).toEqual([]);
    },
    180_000,
  );
});
