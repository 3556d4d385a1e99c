import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { endTree, identify, isAlive, type ProcessIdentity } from './process-identity.js';

const ORPHAN_GRACE_MS = 10_000;

/** What outlives a run of a server, and who runs it now. */
export interface ServerRecord {
  /** Hexadecimal, so that it needs no quoting anywhere. */
  password: string;
  port?: number;
  /** The data has been made completely; without it, what is there is a rest of an attempt. */
  initialised?: boolean;
  server?: ProcessIdentity;
  /** The process that started `server` and answers for it. */
  starter?: ProcessIdentity;
}

/** Another live process runs a server on this directory. */
export class ServerInUse extends Error {
  constructor(path: string, starter: ProcessIdentity) {
    super(`${path} is in use by process ${starter.pid}; stop that one first`);
    this.name = 'ServerInUse';
  }
}

/** A server's own directory: its data, its log and `server.json` (mode 0600) with the record. */
export class ServerDirectory {
  private constructor(
    readonly path: string,
    private current: ServerRecord,
  ) {}

  /**
   * Takes a directory over, making it when it is missing and ending what an earlier run has left running in it.
   * @throws ServerInUse when a live process runs a server here, Error when something else is here
   */
  static async open(at: string): Promise<ServerDirectory> {
    const path = resolve(at);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const directory = new ServerDirectory(path, load(path) ?? firstRecord(path));
    const { server, starter } = directory.record;
    if (server && starter && isAlive(server) && isAlive(starter)) {
      throw new ServerInUse(path, starter);
    }
    directory.save({});
    if (server) await endTree(server, ['SIGINT', 'SIGQUIT'], ORPHAN_GRACE_MS);
    return directory;
  }

  get record(): Readonly<ServerRecord> {
    return this.current;
  }

  file(name: string): string {
    return resolve(this.path, name);
  }

  /** Merges into the record and writes it at once, whole or not at all. */
  save(change: Partial<ServerRecord>): void {
    this.current = { ...this.current, ...change };
    const draft = this.file('server.json.new');
    writeFileSync(draft, `${JSON.stringify(this.current)}\n`, { mode: 0o600 });
    renameSync(draft, this.file('server.json'));
  }

  /** Records a process that this one has just started here, so that whoever comes next can find it. */
  saveProcess(pid: number, port?: number): void {
    this.save({ server: identify(pid), starter: identify(process.pid), ...(port && { port }) });
  }
}

function load(path: string): ServerRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(path, 'server.json'), 'utf8')) as ServerRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function firstRecord(path: string): ServerRecord {
  if (readdirSync(path).length > 0) {
    throw new Error(`${path} is not empty, yet has no server.json: it is not a server's`);
  }
  return { password: randomBytes(24).toString('hex') };
}
