import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The file of a program on the PATH, or where Debian keeps servers, which is not on every user's. */
export function onPath(name: string): string | undefined {
  return findProgram(name, [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
  ]);
}

/** The first of the directories that has the program. */
export function findProgram(name: string, directories: readonly string[]): string | undefined {
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
