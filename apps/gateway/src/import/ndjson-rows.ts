import { COLUMNS, type RawRow, readRow } from './import-row.js';
import { type Line, MAX_LINE } from './lines.js';
import { rejected, type RowResult } from './rows.js';

/** The rows of `application/x-ndjson`: one JSON object a line, blank lines ignored. */
export async function* ndjsonRows(lines: AsyncIterable<Line[]>): AsyncGenerator<RowResult[]> {
  for await (const some of lines) {
    yield some.filter(({ text }) => text.trim() !== '').map(read);
  }
}

function read({ number, text }: Line): RowResult {
  if (text.length > MAX_LINE) return rejected(number, 'The line is too long.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return rejected(number, 'The line is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return rejected(number, 'The line is not a JSON object.');
  }
  const known: readonly string[] = COLUMNS;
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    return rejected(number, `There is no field ${JSON.stringify(unknown.slice(0, 64))}.`);
  }
  const row = readRow(number, value as RawRow);
  return typeof row === 'string' ? rejected(number, row) : { row };
}
