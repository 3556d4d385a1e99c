import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { onPath } from './programs.js';

const execute = promisify(execFile);

/** What to fetch, and where to keep it. */
export interface PackageSearch {
  /** The name of the directory that the files are unpacked in. */
  name: string;
  /** The names of the packages, chosen once the lists of the distribution are there. */
  packages: (apt: AptCache) => Promise<readonly string[]>;
  /** Where fetched packages are kept for the next time. */
  cacheDir: string;
  /** Told what takes its time, in a few words. */
  onProgress?: (what: string) => void;
  /** Ends the search, and what it has started, when aborted. */
  signal?: AbortSignal;
}

/** Asks `apt-cache` in the lists that were just fetched. */
export type AptCache = (...args: string[]) => Promise<string>;

/**
 * The directory with the unpacked files of Debian's or Ubuntu's packages, fetched without root and with lists of our own:
 * the machine's may be missing, and are root's. Undefined where there is no network or no such package.
 */
export async function unpackedPackage(search: PackageSearch): Promise<string | undefined> {
  const unpacked = join(resolve(search.cacheDir), search.name);
  if (existsSync(unpacked)) return unpacked;
  if (!onPath('apt-get') || !onPath('dpkg-deb')) return undefined;
  search.onProgress?.(`fetching the distribution's ${search.name}`);
  const work = `${unpacked}.${process.pid}`;
  const apt = aptOptions(work);
  const options = { cwd: work, signal: search.signal };
  try {
    await execute('apt-get', [...apt, 'update'], options);
    const names = await search.packages(async (...args) => {
      return (await execute('apt-cache', [...apt, ...args], options)).stdout;
    });
    await execute('apt-get', [...apt, 'download', ...names], options);
    const archives = readdirSync(work).filter((name) => name.endsWith('.deb'));
    for (const archive of archives) await execute('dpkg-deb', ['-x', archive, 'root'], options);
    renameSync(join(work, 'root'), unpacked);
  } catch {
    // Another way may lead to the program.
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return existsSync(unpacked) ? unpacked : undefined;
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
