import { join, resolve } from 'node:path';
import { type AptCache, unpackedPackage } from './distribution-package.js';
import { findProgram, onPath } from './programs.js';

export interface RedisSearch {
  /** Where a fetched server is kept for the next time. */
  cacheDir: string;
  /** Told what takes its time, in a few words. */
  onProgress?: (what: string) => void;
  /** Ends the search, and what it has started, when aborted. */
  signal?: AbortSignal;
}

/** A server to execute. */
export interface RedisBinary {
  file: string;
  /** Directories with libraries that the machine may not have. */
  libraries: string[];
}

/**
 * A redis-server: from the PATH, else the distribution's package unpacked without root; undefined when there is none, for a
 * fleet can do without.
 * @throws the signal's reason when that aborts
 */
export async function findRedisServer(search: RedisSearch): Promise<RedisBinary | undefined> {
  const installed = onPath('redis-server') ?? onPath('valkey-server');
  if (installed) return { file: installed, libraries: [] };
  const cacheDir = resolve(search.cacheDir);
  const unpacked = await unpackedPackage({
    name: 'redis-server',
    packages: withLibraries,
    ...search,
    cacheDir,
  });
  search.signal?.throwIfAborted();
  // The file itself, where the name is a link into another package.
  const file = unpacked && findProgram('redis-server', [join(unpacked, 'usr/bin')]);
  return file ? { file, libraries: libraryDirectories(unpacked) } : undefined;
}

/** The packages that hold the program and the libraries that it is linked with, but for libc's, which every machine has. */
async function withLibraries(apt: AptCache): Promise<string[]> {
  const depends = await apt('depends', 'redis-server', 'redis-tools');
  const libraries = depends.matchAll(/^ +(?:Pre)?Depends: (lib[a-z0-9.+-]+)$/gm);
  return [
    'redis-server',
    'redis-tools',
    ...new Set([...libraries].map(([, name]) => name!).filter((name) => name !== 'libc6')),
  ];
}

function libraryDirectories(unpacked: string): string[] {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  return [join(unpacked, 'usr/lib', triplet), join(unpacked, 'lib', triplet)];
}
