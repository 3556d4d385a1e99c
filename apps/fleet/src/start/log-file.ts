import { openSync, renameSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Beyond this a log is set aside, in the place of the one that was before, when its process starts. */
const MOST_BYTES = 32 * 1024 * 1024;
const TAIL_BYTES = 16 * 1024;

/** Opens a log to append to, as a file descriptor; one that has grown large becomes `<path>.1` first. */
export function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MOST_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

/** The last lines of a log, of any size. */
export async function lastLines(path: string, count: number): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const position = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), { position });
    const tail = buffer.toString('utf8', 0, bytesRead);
    return tail.trim().split('\n').slice(-count).join('\n');
  } finally {
    await file.close();
  }
}
