import { spawn, type SpawnOptions } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, isPortFree } from './ports.js';
import { childrenOf, end, identify, type ProcessIdentity } from './process-identity.js';
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
}

const ATTEMPTS = 8;
const READY_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 15_000;

/**
 * Starts a server on its directory. What an earlier run left behind there is ended first.
 * @throws Error with the end of the server's log when it does not get ready
 */
export async function launch(command: ServerCommand): Promise<RunningServer> {
  const { directory } = command;
  const orphan = directory.record.server;
  if (orphan) await endTree(orphan, command.stopSignals);
  let failure = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = command.port ?? (await choosePort(directory));
    const server = start(command, port);
    const ended = await Promise.race([server.exited.then(() => true), becomesReady(command, port)]);
    if (!ended) return server;
    failure = logTail(directory);
    // A port lost in a race is chosen anew; the memory of a killed predecessor is free when its last child has gone.
    if (!/address already in use|still in use/i.test(failure)) break;
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
  directory.saveServer(pid, port);
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
      if (identity) await endTree(identity, []);
      await exited;
    },
  };
}

/** Resolves to whether it failed: false as soon as it answers. */
async function becomesReady(command: ServerCommand, port: number): Promise<boolean> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (await command.isReady(port)) return false;
    await sleep(20);
  }
  return true;
}

/** Ends a process and, when that was by force, the children that outlive it. */
async function endTree(root: ProcessIdentity, signals: readonly NodeJS.Signals[]): Promise<void> {
  const children = childrenOf(root.pid).flatMap((pid) => identify(pid) ?? []);
  await end(root, signals, STOP_GRACE_MS);
  await Promise.all(children.map((child) => end(child, [], STOP_GRACE_MS)));
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
