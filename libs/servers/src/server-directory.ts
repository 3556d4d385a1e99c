import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';

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
  readonly path: string;
  record: ServerRecord;

  /**
   * Makes the directory when it is missing.
   * @throws ServerInUse when a live process runs a server here, Error when something else is here
   */
  constructor(path: string) {
    this.path = resolve(path);
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    this.record = this.load() ?? this.firstRecord();
    const { server, starter } = this.record;
    if (server && starter && isAlive(server) && isAlive(starter)) {
      throw new ServerInUse(this.path, starter);
    }
    this.save({});
  }

  file(name: string): string {
    return resolve(this.path, name);
  }

  /** Merges into the record and writes it at once, whole or not at all. */
  save(change: Partial<ServerRecord>): void {
    this.record = { ...this.record, ...change };
    const draft = this.file('server.json.new');
    writeFileSync(draft, `${JSON.stringify(this.record)}\n`, { mode: 0o600 });
    renameSync(draft, this.file('server.json'));
  }

  /** Records a server just started by this process. */
  saveServer(pid: number, port: number): void {
    this.save({ server: identify(pid), starter: identify(process.pid), port });
  }

  private firstRecord(): ServerRecord {
    if (readdirSync(this.path).length > 0) {
      throw new Error(`${this.path} is not empty, yet has no server.json: it is not a server's`);
    }
    return { password: randomBytes(24).toString('hex') };
  }

  private load(): ServerRecord | undefined {
    try {
      return JSON.parse(readFileSync(this.file('server.json'), 'utf8')) as ServerRecord;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}
