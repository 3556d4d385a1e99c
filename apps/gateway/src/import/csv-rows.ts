import { AppError } from '@flotilla/contracts/errors';
import { CsvRecord } from './csv-record.js';
import { type Column, COLUMNS, type RawRow, readRow } from './import-row.js';
import { type Line, MAX_LINE } from './lines.js';
import { rejected, type RowResult } from './rows.js';

/** A record over more lines than this has lost its closing quote. */
const MAX_RECORD_LINES = 100;

interface CsvLines {
  /** The physical line at which the record starts. */
  start: number;
  /** Its fields; undefined when it is not CSV. */
  fields?: string[];
}

/**
 * The rows of `text/csv` (RFC 4180) with a header in any order of columns. A record that is not CSV costs its first
 * line only: reading goes on at the next one, so that one lost quote does not swallow the file.
 * @throws AppError `validation-failed` when the header has not exactly the columns it should have
 */
export async function* csvRows(lines: AsyncIterable<Line[]>): AsyncGenerator<RowResult[]> {
  let columns: Column[] | undefined;
  for await (const records of csvRecords(lines)) {
    if (columns === undefined && records.length > 0) columns = readHeader(records.shift()!);
    yield records.map((record) => readRecord(record, columns!));
  }
  if (columns === undefined) throw badHeader('The file is empty.');
}

function readHeader({ fields }: CsvLines): Column[] {
  const names = (fields ?? []).map((name) => name.trim());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) throw badHeader(`The header lacks ${missing.join(', ')}.`);
  if (names.length > COLUMNS.length) throw badHeader('The header has columns that there are not.');
  return names as Column[];
}

function badHeader(detail: string): AppError<'validation-failed'> {
  return new AppError('validation-failed', `${detail} Its columns are ${COLUMNS.join(',')}.`, {
    details: { errors: [] },
  });
}

function readRecord({ start, fields }: CsvLines, columns: readonly Column[]): RowResult {
  if (fields === undefined) return rejected(start, 'The line is not valid CSV.');
  if (fields.length !== columns.length) {
    return rejected(start, `The line has ${fields.length} fields instead of ${columns.length}.`);
  }
  const raw = Object.fromEntries(columns.map((column, at) => [column, fields[at]]));
  const row = readRow(start, raw as RawRow);
  return typeof row === 'string' ? rejected(start, row) : { row };
}

/** Puts lines together to records; blank lines between records are ignored. */
async function* csvRecords(lines: AsyncIterable<Line[]>): AsyncGenerator<CsvLines[]> {
  let waiting: Line[] = [];
  for await (const some of lines) {
    const { records, rest } = assemble([...waiting, ...some], false);
    waiting = rest;
    yield records;
  }
  yield assemble(waiting, true).records;
}

/** The records that are complete, and the lines of one that is still open (none at the end of the file). */
function assemble(lines: Line[], ended: boolean): { records: CsvLines[]; rest: Line[] } {
  const records: CsvLines[] = [];
  let at = 0;
  while (at < lines.length) {
    const { number: start, text } = lines[at]!;
    if (text === '') {
      at += 1;
      continue;
    }
    const record = new CsvRecord();
    const { state, next } = feed(record, lines, at);
    if (state === 'open' && !ended) return { records, rest: lines.slice(at) };
    if (state === 'complete') records.push({ start, fields: record.fields });
    else records.push({ start });
    at = state === 'complete' ? next : at + 1;
  }
  return { records, rest: [] };
}

/** Feeds lines from `from` on until the record is complete or cannot become so; `next` is the line after it. */
function feed(record: CsvRecord, lines: Line[], from: number) {
  let length = 0;
  for (let at = from; at < lines.length; at += 1) {
    const { text } = lines[at]!;
    length += text.length;
    if (length > MAX_LINE || at - from >= MAX_RECORD_LINES) break;
    const state = record.feed(text);
    if (state !== 'open') return { state, next: at + 1 };
    if (at === lines.length - 1) return { state, next: at + 1 };
  }
  return { state: 'malformed' as const, next: from + 1 };
}
