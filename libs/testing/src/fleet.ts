import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';
import { HttpClient } from './http-client.js';
import { testRun } from './test-run.js';

/** What a fleet writes to `fleet.json` when it is ready. */
export interface FleetFile {
  url: string;
  gateways: string[];
  /** With every permission. */
  apiKey: string;
  admin: { email: string; password: string };
  processes: { service: string; pid: number; port: number }[];
  databaseUrl: string;
  natsUrl: string;
  redisUrl: string | null;
}

/** A whole fleet, as a user starts it, with its own data. */
export interface RunningFleet {
  /** For further commands: `--data <directory>`. */
  readonly directory: string;
  /** The gateway, with the key that may do anything. */
  readonly client: HttpClient;
  /** As it is now: processes change when the fleet starts one anew. */
  file(): FleetFile;
  /** SIGKILL to every process of a service; resolves at once, the fleet starts it anew. */
  killService(service: string): void;
}

/** One that its test file may do with as it likes. */
export interface TestFleet extends RunningFleet {
  /** Ctrl-C; resolves to the exit code after the drain. Removes the data. */
  stop(): Promise<number | null>;
}

export interface TestFleetOptions {
  /** Further arguments of `start`, such as `--replicas orders=2`. */
  args?: string[];
  env?: Record<string, string>;
}

const PROGRAM = fileURLToPath(new URL('../../../apps/fleet/bin/fleet.mjs', import.meta.url));
const READY_TIMEOUT_MS = 120_000;

/**
 * Starts a fleet without demo data on a free port.
 * @throws Error with the end of what it printed when it ends or takes longer than two minutes
 */
export async function testFleet({
  args = [],
  env = {},
}: TestFleetOptions = {}): Promise<TestFleet> {
  const directory = testRun.directory('fleet');
  const starter = start(directory, args, env);
  const exited = new Promise<number | null>((resolve) => starter.once('exit', resolve));
  await untilReady(directory, starter);
  return {
    ...fleetIn(directory),
    stop: async () => {
      starter.kill('SIGINT');
      const code = await exited;
      rmSync(directory, { recursive: true });
      return code;
    },
  };
}

/**
 * The one fleet of all test files of a run that ask for it, started by the first and ended with the run: a start takes ten
 * seconds of the whole machine. Each file has products and idempotency keys that no other has, and leaves nothing broken.
 * @throws as `testFleet`
 */
export async function sharedFleet(): Promise<RunningFleet> {
  const directory = testRun.sharedDirectory('shared-fleet');
  if (testRun.isFirst('shared-fleet')) {
    const starter = start(directory, [], {});
    await untilReady(directory, starter);
    // It outlives the worker that was the first to need it.
    starter.unref();
  } else await eventually(() => isReady(directory), { timeoutMs: READY_TIMEOUT_MS });
  return fleetIn(directory);
}

async function untilReady(directory: string, starter: ChildProcess): Promise<void> {
  const hasEnded = () => starter.exitCode !== null || starter.signalCode !== null;
  await eventually(() => isReady(directory) || hasEnded(), {
    timeoutMs: READY_TIMEOUT_MS,
    everyMs: 100,
  }).catch(() => starter.kill('SIGKILL'));
  if (!isReady(directory)) throw new Error(`the fleet did not get ready:\n${output(directory)}`);
}

function isReady(directory: string): boolean {
  return existsSync(join(directory, 'fleet.json'));
}

function fleetIn(directory: string): RunningFleet {
  const read = () => JSON.parse(readFileSync(join(directory, 'fleet.json'), 'utf8')) as FleetFile;
  const { url, apiKey } = read();
  return {
    directory,
    client: new HttpClient(url, { 'x-api-key': apiKey }),
    file: read,
    killService: (service) => {
      const processes = read().processes.filter((one) => one.service === service);
      for (const { pid } of processes) process.kill(pid, 'SIGKILL');
    },
  };
}

/** Tests register and sign in more often than people do; those of limits say their own. */
const UNHURRIED = {
  RATE_LIMIT_ANONYMOUS: '100000/60',
  RATE_LIMIT_CALLER: '100000/60',
  RATE_LIMIT_REGISTER: '10000/60',
  RATE_LIMIT_SIGN_IN: '10000/60',
  RATE_LIMIT_TOKEN: '10000/60',
  RATE_LIMIT_FAILED_AUTHENTICATION: '10000/60',
};

function start(directory: string, args: string[], env: Record<string, string>): ChildProcess {
  const log = openSync(join(directory, 'output.log'), 'w');
  const child = spawn(
    process.execPath,
    [PROGRAM, 'start', '--data', directory, '--port', '0', '--no-demo', ...args],
    {
      stdio: ['ignore', log, log],
      env: { ...outsideJest(), ...compiledOnce(), ...UNHURRIED, ...env },
    },
  );
  closeSync(log);
  return child;
}

/** What one fleet of the run has compiled, the next need not. */
function compiledOnce(): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: testRun.sharedDirectory('compile-cache') };
}

/** A user's environment: nothing that jest sets, no servers of somebody else. */
function outsideJest(): NodeJS.ProcessEnv {
  const hidden = /^(NODE_ENV|JEST_.*|FLOTILLA_TEST_.*|DATABASE_URL|NATS_URL|REDIS_URL)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !hidden.test(name)));
}

function output(directory: string): string {
  return readFileSync(join(directory, 'output.log'), 'utf8').split('\n').slice(-30).join('\n');
}
