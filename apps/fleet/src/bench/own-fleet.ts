import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FleetDirectory, type FleetFile } from '../fleet-directory.js';
import { lastLines, openLog } from '../start/log-file.js';

const READY_MS = 180_000;
const POLL_MS = 100;
const LOG_TAIL_LINES = 10;
const UNLIMITED = '100000000/60';
/** It is measured on servers of its own, whatever the environment names, and no limit is to be measured. */
const ENVIRONMENT = {
  DATABASE_URL: undefined,
  NATS_URL: undefined,
  REDIS_URL: undefined,
  RATE_LIMIT_ANONYMOUS: UNLIMITED,
  RATE_LIMIT_CALLER: UNLIMITED,
  RATE_LIMIT_SIGN_IN: UNLIMITED,
  RATE_LIMIT_TOKEN: UNLIMITED,
};

/** A fleet in a temporary directory, there to be measured and then gone. */
export class OwnFleet {
  private constructor(
    readonly file: FleetFile,
    private readonly directory: FleetDirectory,
    private readonly process: ChildProcess,
  ) {}

  /** @throws Error with the end of what it printed when it does not get ready; the signal's reason when that aborts */
  static async start(signal: AbortSignal): Promise<OwnFleet> {
    const directory = new FleetDirectory(mkdtempSync(join(tmpdir(), 'flotilla-bench-')));
    const logFile = directory.file('start.log');
    const log = openLog(logFile);
    const args = ['start', '--data', directory.path, '--port', '0', '--no-demo'];
    const child = spawn(process.execPath, [process.argv[1]!, ...args], {
      // Its channel tells it when we are no more; its own group keeps a terminal's Ctrl-C for us.
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...process.env, ...ENVIRONMENT },
      detached: true,
    });
    try {
      return new OwnFleet(await readyFleet(directory, child, signal), directory, child);
    } catch (error) {
      await end(child, directory);
      if (signal.aborted) throw error;
      const tail = await lastLines(logFile, LOG_TAIL_LINES).catch(() => '');
      throw new Error(`the fleet to be measured did not get ready:\n${tail}`, { cause: error });
    }
  }

  /** Stops it and removes its data. */
  stop(): Promise<void> {
    return end(this.process, this.directory);
  }
}

async function readyFleet(
  directory: FleetDirectory,
  child: ChildProcess,
  signal: AbortSignal,
): Promise<FleetFile> {
  const deadline = performance.now() + READY_MS;
  for (;;) {
    const fleet = directory.fleet();
    if (fleet) return fleet;
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended');
    if (performance.now() > deadline) throw new Error('it took too long');
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function end(child: ChildProcess, directory: FleetDirectory): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
  rmSync(directory.path, { recursive: true, force: true });
}
