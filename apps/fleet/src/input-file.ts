import { statSync } from 'node:fs';
import { UsageError } from './output.js';

/** The size, in bytes, of a file that a command is to read. @throws UsageError when it is not there, or no file */
export function sizeOfInput(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new UsageError(`${path}: there is no such file`);
  if (!stat.isFile()) throw new UsageError(`${path}: this is not a file`);
  return stat.size;
}
