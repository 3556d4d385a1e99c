import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { unpackedPackage } from './distribution-package.js';
import { findProgram, onPath } from './programs.js';

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

async function fromPackage(
  cacheDir: string,
  { onProgress, signal }: NatsSearch,
): Promise<string | undefined> {
  const packages = () => Promise.resolve(['nats-server']);
  const search = { name: 'nats-server', packages, cacheDir, onProgress, signal };
  const unpacked = await unpackedPackage(search);
  return unpacked && findProgram('nats-server', [join(unpacked, 'usr/sbin')]);
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
