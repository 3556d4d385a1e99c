import type { ImportRow, RejectedRow } from '@flotilla/contracts/catalogue-import';
import type { Line } from './lines.js';

/** What a line (or the record that starts at it) turned out to be. */
export type RowResult = { row: ImportRow } | { rejected: RejectedRow };

/** Reads rows out of the lines of a file, as they come. */
export type RowReader = (lines: AsyncIterable<Line[]>) => AsyncGenerator<RowResult[]>;

/** A line that is not taken. */
export function rejected(line: number, detail: string): RowResult {
  return { rejected: { line, code: 'validation-failed', detail } };
}
