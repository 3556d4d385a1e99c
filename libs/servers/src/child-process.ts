import { spawn, type SpawnOptions } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, isPortFree } from './ports.js';
import { end, endTree, identify } from './process-identity.js';
import type { ServerDirectory } from './server-directory.js';

/** A server that this process has started. */
export interface RunningServer {
  /** For clients, with the administrator's name and password. */
  readonly url: string;
  readonly pid: number;
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** Ends it in order; resolves when it has ended. */
  stop(): Promise<void>;
  /** SIGKILL, as a crash of the machine would; resolves when it has ended. */
  kill(): Promise<void>;
}

/** How to run one kind of server. */
export interface ServerCommand {
  directory: ServerDirectory;
  /** The port to insist on; without it the last one if it is free, else any. */
  port?: number;
  /** What to execute; called again with another port when somebody else was quicker to take the first. */
  command(port: number): { file: string; args: string[]; options?: SpawnOptions };
  url(port: number): string;
  /** Whether it answers, and is really ours. */
  isReady(port: number): Promise<boolean>;
  /** Signals that end it in order, the gentlest first. */
  stopSignals: readonly NodeJS.Signals[];
  /** Gives up when aborted before it is ready. */
  signal?: AbortSignal;
}

const ATTEMPTS = 8;
const READY_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 15_000;

/**
 * Starts a server on its directory.
 * @throws Error with the end of the server's log when it does not get ready; the signal's reason when that aborts
 */
export async function launch(command: ServerCommand): Promise<RunningServer> {
  const { directory, signal } = command;
  let failure = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    signal?.throwIfAborted();
    const port = command.port ?? (await choosePort(directory));
    const server = start(command, port);
    if (await becomesReady(server, () => command.isReady(port), signal)) return server;
    await (signal?.aborted ? server.stop() : server.kill());
    signal?.throwIfAborted();
    failure = logTail(directory);
    if (!isPassing(failure, command.port === undefined)) break;
    await sleep(100 * attempt);
  }
  throw new Error(`the server of ${directory.path} did not start:\n${failure}`);
}

function start(command: ServerCommand, port: number): RunningServer {
  const { directory, stopSignals } = command;
  const { file, args, options } = command.command(port);
  const log = openSync(directory.file('server.log'), 'w', 0o600);
  // Its own process group: Ctrl-C in a terminal is for the starter, who stops clients before servers.
  const child = spawn(file, args, { stdio: ['ignore', log, log], ...options, detached: true });
  closeSync(log);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${file} cannot be executed`);
  directory.saveProcess(pid, port);
  const identity = identify(pid);
  return {
    url: command.url(port),
    pid,
    exited,
    stop: async () => {
      if (identity) await end(identity, stopSignals, STOP_GRACE_MS);
      await exited;
      directory.save({ server: undefined, starter: undefined });
    },
    kill: async () => {
      if (identity) await endTree(identity, [], STOP_GRACE_MS);
      await exited;
    },
  };
}

/** Whether it answers before it ends, before the time is up, and before nobody wants it any more. */
async function becomesReady(
  server: RunningServer,
  isReady: () => Promise<boolean>,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  let ended = false;
  void server.exited.then(() => (ended = true));
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (!ended && !signal?.aborted && performance.now() < deadline) {
    if (await isReady()) return true;
    await sleep(20);
  }
  return false;
}

/** A port lost in a race is chosen anew; the shared memory of a killed PostgreSQL is free when its last child has gone. */
function isPassing(failure: string, mayMove: boolean): boolean {
  return (mayMove && failure.includes('ddress already in use')) || failure.includes('still in use');
}

async function choosePort(directory: ServerDirectory): Promise<number> {
  const last = directory.record.port;
  return last !== undefined && (await isPortFree(last)) ? last : freePort();
}

function logTail(directory: ServerDirectory): string {
  return readFileSync(directory.file('server.log'), 'utf8')
    .split('\n')
    .slice(-20)
    .join('\n')
    .trim();
}
