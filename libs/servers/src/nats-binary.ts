import { execFile } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface NatsSearch {
  /** Where a fetched server is kept for the next time. */
  cacheDir: string;
  /** Told what takes its time, in a few words. */
  onProgress?: (what: string) => void;
  /** Ends the search, and what it has started, when aborted. */
  signal?: AbortSignal;
}

/** A server that this machine neither has nor can fetch; the message says what to install. */
export class ServerMissing extends Error {
  override readonly name = 'ServerMissing';
}

/**
 * A nats-server to execute: from the PATH, else the distribution's package unpacked without root, else through Docker.
 * @throws ServerMissing, the signal's reason when that aborts
 */
export async function findNatsServer(search: NatsSearch): Promise<string> {
  const cacheDir = resolve(search.cacheDir);
  return (
    onPath('nats-server') ??
    (await fromPackage(cacheDir, search)) ??
    (await fromDocker(cacheDir, search)) ??
    missing(search)
  );
}

function missing({ signal }: NatsSearch): never {
  signal?.throwIfAborted();
  throw new ServerMissing(
    'There is no nats-server on this machine. Install it (Debian, Ubuntu: apt-get install nats-server; ' +
      'macOS: brew install nats-server; else https://nats.io/download), or start Docker, ' +
      'or set NATS_URL to a server of your own with JetStream.',
  );
}

function onPath(name: string): string | undefined {
  // Debian keeps servers in /usr/sbin, which is not on every user's PATH.
  const directories = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
  ];
  return directories
    .filter(Boolean)
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Debian's and Ubuntu's package, downloaded with lists of our own: the machine's may be missing, and are root's. */
async function fromPackage(
  cacheDir: string,
  { onProgress, signal }: NatsSearch,
): Promise<string | undefined> {
  const unpacked = join(cacheDir, 'nats-server');
  const binary = join(unpacked, 'usr/sbin/nats-server');
  if (existsSync(binary)) return binary;
  if (!onPath('apt-get') || !onPath('dpkg-deb')) return undefined;
  onProgress?.("fetching the distribution's nats-server");
  const work = `${unpacked}.${process.pid}`;
  const apt = aptOptions(work);
  try {
    await execute('apt-get', [...apt, 'update'], { cwd: work, signal });
    await execute('apt-get', [...apt, 'download', 'nats-server'], { cwd: work, signal });
    const archive = readdirSync(work).find((name) => name.endsWith('.deb'));
    if (!archive) return undefined;
    await execute('dpkg-deb', ['-x', archive, 'root'], { cwd: work, signal });
    renameSync(join(work, 'root'), unpacked);
  } catch {
    // No network or no such package: another way may lead to a server.
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return existsSync(binary) ? binary : undefined;
}

function aptOptions(work: string): string[] {
  for (const path of ['lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(work, path), { recursive: true });
  }
  // Unsandboxed, because apt's own user cannot write here when root runs this.
  const options = {
    'Dir::State::lists': join(work, 'lists'),
    'Dir::Cache': join(work, 'cache'),
    'Debug::NoLocking': '1',
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
  };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

const IMAGE = 'nats:2.10-alpine';

/** A program that runs the image as if it were the server: same files, same network, same signals. */
async function fromDocker(
  cacheDir: string,
  { onProgress, signal }: NatsSearch,
): Promise<string | undefined> {
  if (process.platform !== 'linux' || !onPath('docker')) return undefined;
  try {
    await execute('docker', ['info'], { timeout: 5_000, signal });
    onProgress?.(`fetching ${IMAGE}`);
    await execute('docker', ['pull', '--quiet', IMAGE], { signal });
  } catch {
    return undefined;
  }
  const script = join(cacheDir, 'nats-server-by-docker');
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(script, dockerScript(), { mode: 0o755 });
  return script;
}

/** Called with `-c <directory>/nats.conf`. A killed client leaves its container, which would keep the port. */
function dockerScript(): string {
  return `#!/bin/sh
directory=$(dirname "$2")
name="flotilla-nats-$(printf %s "$directory" | cksum | cut -d' ' -f1)"
docker rm --force "$name" >/dev/null 2>&1
exec docker run --rm --name "$name" --network host --user "$(id -u):$(id -g)" \\
  --volume "$directory:$directory" --entrypoint nats-server ${IMAGE} "$@"
`;
}
