import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { STATEFUL_SERVICES, type Service, type StatefulService } from './services.js';

/** A process of a running service; `port` answers `/healthz` (of a gateway it is the public one). */
export interface ServiceProcess {
  service: Service;
  pid: number;
  port: number;
}

/** How an administrator signs in. */
export interface Administrator {
  email: string;
  password: string;
}

/** `fleet.json`: where a running fleet is, and who may do anything in it. */
export interface FleetFile {
  url: string;
  gateways: string[];
  apiKey: string;
  admin: Administrator;
  processes: ServiceProcess[];
  databaseUrl: string;
  natsUrl: string;
  redisUrl: string | null;
}

/** `secrets.json`: what has to stay the same from one start to the next. */
export interface Secrets {
  databasePasswords: Record<StatefulService, string>;
  admin: Administrator;
  apiKey?: string;
}

/** The directory a fleet keeps everything in; files with secrets have mode 0600. */
export class FleetDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  file(...names: string[]): string {
    return join(this.path, ...names);
  }

  /** Makes the directory, and a directory in it. */
  make(name = ''): string {
    const path = this.file(name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  /** The running fleet; nothing when none has got ready here. */
  fleet(): FleetFile | undefined {
    return readJson<FleetFile>(this.file('fleet.json'));
  }

  saveFleet(fleet: FleetFile): void {
    writeJson(this.file('fleet.json'), fleet);
  }

  forgetFleet(): void {
    rmSync(this.file('fleet.json'), { force: true });
  }

  /** The secrets of this directory, made the first time they are asked for. */
  secrets(): Secrets {
    const known = readJson<Secrets>(this.file('secrets.json'));
    if (known) return known;
    const secrets: Secrets = {
      databasePasswords: Object.fromEntries(
        STATEFUL_SERVICES.map((service) => [service, randomText()]),
      ) as Record<StatefulService, string>,
      admin: newAdministrator(),
    };
    this.saveSecrets(secrets);
    return secrets;
  }

  saveSecrets(secrets: Secrets): void {
    this.make();
    writeJson(this.file('secrets.json'), secrets);
  }
}

/** A password, and an address of its own: over a database that was there before, that of a known one would be unknown. */
export function newAdministrator(
  email = `admin-${randomBytes(3).toString('hex')}@flotilla.example`,
): Administrator {
  return { email, password: randomText() };
}

function randomText(): string {
  return randomBytes(24).toString('base64url');
}

/** The document in a file; undefined when there is no file. */
export function readJson<Document>(path: string): Document | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Document;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a document, readable by its owner only; whoever reads at the same time sees the old one or the new one. */
export function writeJson(path: string, document: object): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}
