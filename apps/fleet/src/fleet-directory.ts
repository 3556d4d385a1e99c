import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from './output.js';
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
  /** What identity seals with: base64url of 32 bytes each, separated by commas; the first seals, all open. */
  sealingKeys: string;
  /** What the secrets of webhook endpoints follow from, in the same form. */
  webhookKeys: string;
  apiKey?: string;
}

/** The directory a fleet keeps everything in; files with secrets have mode 0600. */
export class FleetDirectory {
  readonly path: string;

  /** @throws UsageError for no name at all, which would be the directory that one happens to be in */
  constructor(path: string) {
    if (path === '') throw new UsageError('--data: the directory has no name');
    this.path = resolve(path);
  }

  file(...names: string[]): string {
    return join(this.path, ...names);
  }

  /** Makes the directory, and a directory in it. @throws UsageError where there can be none */
  make(name = ''): string {
    const path = this.file(name);
    try {
      makeDirectory(path);
    } catch (error) {
      throw new UsageError(`--data: ${path} cannot be a directory: ${(error as Error).message}`);
    }
    return path;
  }

  /** The running fleet; nothing when none has got ready here. @throws UsageError when the file tells of none */
  fleet(): FleetFile | undefined {
    const path = this.file('fleet.json');
    let fleet: unknown;
    try {
      fleet = readJson(path);
    } catch (error) {
      throw new UsageError(`${path} is damaged, start the fleet anew: ${(error as Error).message}`);
    }
    if (fleet === undefined || isFleetFile(fleet)) return fleet;
    throw new UsageError(`${path} does not tell of a fleet, start it anew`);
  }

  saveFleet(fleet: FleetFile): void {
    writeJson(this.file('fleet.json'), fleet);
  }

  forgetFleet(): void {
    rmSync(this.file('fleet.json'), { force: true });
  }

  /** The secrets of this directory, made the first time they are asked for. */
  secrets(): Secrets {
    const known = readJson<Partial<Secrets>>(this.file('secrets.json'));
    const secrets: Secrets = {
      databasePasswords: Object.fromEntries(
        STATEFUL_SERVICES.map((service) => [service, randomText()]),
      ) as Record<StatefulService, string>,
      admin: newAdministrator(),
      sealingKeys: randomBytes(32).toString('base64url'),
      webhookKeys: randomBytes(32).toString('base64url'),
      ...known,
    };
    this.saveSecrets(secrets);
    return secrets;
  }

  saveSecrets(secrets: Secrets): void {
    this.make();
    writeJson(this.file('secrets.json'), secrets);
  }
}

/** Not by `recursive`: for a directory that cannot be in its parent, as under /proc, that never returns. */
function makeDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (path !== dirname(path)) makeDirectory(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else may just have made it.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

function isFleetFile(document: unknown): document is FleetFile {
  const { url, apiKey, databaseUrl, natsUrl } = (document ?? {}) as Partial<FleetFile>;
  const urls = [url, databaseUrl, natsUrl];
  return typeof apiKey === 'string' && urls.every((one) => URL.canParse(String(one)));
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
