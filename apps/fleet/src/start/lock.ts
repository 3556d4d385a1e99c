import { linkSync, renameSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { end, identify, isAlive, type ProcessIdentity } from '@flotilla/servers/process-identity';
import { readJson, writeJson } from '../fleet-directory.js';

interface LockFile {
  /** Who started the fleet of this directory. */
  starter: ProcessIdentity;
  /** The processes of its services, which somebody has to end if the starter no longer can. */
  services: ProcessIdentity[];
  /** It has been told to stop, or has lost the shell it was started from, and is draining. */
  stopping?: boolean;
}

const DRAIN_MS = 12_000;
/** A holder that has just lost its launcher notices and says so well within this. */
const NOTICE_MS = 2_000;
const STOP_MS = 30_000;
const POLL_MS = 100;

/** Another live process runs a fleet in this directory. */
export class FleetRunning extends Error {
  constructor(directory: string, pid: number) {
    super(`A fleet is already running in ${directory} (process ${pid}). Stop it with: kill ${pid}`);
    this.name = 'FleetRunning';
  }
}

/** The right to run a fleet in a directory: a file with the holder's pid and the instant that process began. */
export class FleetLock {
  private services: ProcessIdentity[] = [];
  private stopping = false;

  private constructor(
    private readonly path: string,
    private readonly starter: ProcessIdentity,
  ) {}

  /**
   * Takes the lock. A holder that is stopping is waited for; one that is dead is succeeded, after ending the services it
   * has left behind.
   * @throws FleetRunning
   */
  static async take(directory: string, path: string): Promise<FleetLock> {
    const starter = identify(process.pid);
    if (!starter) throw new Error('cannot identify this process');
    const lock = new FleetLock(path, starter);
    while (!lock.create()) {
      const found = readJson<LockFile>(path);
      if (!found) continue;
      if (!(await ended(found.starter, path))) throw new FleetRunning(directory, found.starter.pid);
      lock.setAside(found);
      await Promise.all(found.services.map((service) => end(service, ['SIGTERM'], DRAIN_MS)));
    }
    return lock;
  }

  /** Writes down whom a successor has to end. */
  recordServices(pids: readonly number[]): void {
    this.services = pids.flatMap((pid) => identify(pid) ?? []);
    this.write();
  }

  /** Tells a successor that it is worth waiting. */
  announceStop(): void {
    this.stopping = true;
    this.write();
  }

  release(): void {
    rmSync(this.path, { force: true });
  }

  private write(): void {
    const { starter, services, stopping } = this;
    writeJson(this.path, { starter, services, stopping } satisfies LockFile);
  }

  /** A link is made whole or not at all, unlike a file that is created and then written. */
  private create(): boolean {
    const draft = `${this.path}.new.${process.pid}`;
    writeJson(draft, { starter: this.starter, services: [] } satisfies LockFile);
    try {
      linkSync(draft, this.path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }

  /** Takes a dead holder's file away; one that another successor was quicker to write is put back. */
  private setAside(dead: LockFile): void {
    const aside = `${this.path}.old.${process.pid}`;
    try {
      renameSync(this.path, aside);
      const taken = readJson<LockFile>(aside);
      if (taken && taken.starter.startedAt !== dead.starter.startedAt) linkSync(aside, this.path);
    } catch (error) {
      if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    } finally {
      rmSync(aside, { force: true });
    }
  }
}

/** Whether the holder has ended, once it was given the time to notice that it should. */
async function ended(holder: ProcessIdentity, path: string): Promise<boolean> {
  const asked = performance.now();
  while (isAlive(holder)) {
    const patience = readJson<LockFile>(path)?.stopping ? STOP_MS : NOTICE_MS;
    if (performance.now() - asked > patience) return false;
    await sleep(POLL_MS);
  }
  return true;
}
