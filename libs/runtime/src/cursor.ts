import { AppError } from '@flotilla/contracts/errors';
import type { Listing, Page } from '@flotilla/contracts/pages';

/** A check of one part of a cursor, so that nothing a client makes up reaches the database. */
export type CursorPart = (text: string) => boolean;

/** In the years 1000 to 9999: PostgreSQL knows no year 0, and no sixth digit. */
export const instant: CursorPart = (text) => {
  const at = new Date(text);
  return /^[1-9]\d{3}-/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString() === text;
};
export const uuid: CursorPart = (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
export const position: CursorPart = (text) => /^\d{1,18}$/.test(text);

/** What the items of a page may take, in bytes of JSON: most of the 1 MB that a message of NATS has room for unless it is told otherwise. */
const PAGE_BYTES = 768 * 1024;

/** The first of these items, at least one, as many as an answer has room for. */
export function fitting<Item>(items: readonly Item[]): Item[] {
  let bytes = 0;
  const tooMany = items.findIndex((item, index) => {
    bytes += Buffer.byteLength(JSON.stringify(item));
    return index > 0 && bytes > PAGE_BYTES;
  });
  return tooMany === -1 ? [...items] : items.slice(0, tooMany);
}

/**
 * The page of a list whose query was asked for one row more than `limit`, which is there when there is a next page; shorter than
 * that when its items are large. `keyOf` names what the list is sorted by, as text: where the next page continues.
 */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  keyOf: (row: Row) => readonly string[],
): Page<Item> {
  const data = fitting(rows.slice(0, limit).map(toItem));
  const last = rows.length > data.length ? rows[data.length - 1] : undefined;
  return { data, nextCursor: last === undefined ? null : encodeCursor(keyOf(last)) };
}

/** Like `pageOf`, with the cursor of each item. */
export function listingOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  keyOf: (row: Row) => readonly string[],
): Listing<Item> {
  const page = pageOf(rows, limit, toItem, keyOf);
  const cursors = rows.slice(0, page.data.length).map((row) => encodeCursor(keyOf(row)));
  return { ...page, cursors };
}

/** Where a list continues, in a form that clients have no reason to look into. */
export function encodeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/**
 * The parts of the cursor that `encodeCursor` wrote; nulls for the beginning of the list.
 * @throws AppError `validation-failed`
 */
export function decodeCursor(
  cursor: string | undefined,
  checks: readonly CursorPart[],
): (string | null)[] {
  if (cursor === undefined) return checks.map(() => null);
  const parts = parse(cursor);
  const valid =
    Array.isArray(parts) &&
    parts.length === checks.length &&
    checks.every((check, index) => typeof parts[index] === 'string' && check(parts[index])) &&
    // base64url and JSON are both read leniently: a text that was tampered with must not pass for another.
    encodeCursor(parts as string[]) === cursor;
  if (valid) return parts as string[];
  const error = {
    pointer: '/cursor',
    code: 'cursor',
    detail: 'This is not a cursor of this list.',
  };
  throw new AppError('validation-failed', 'The cursor is not valid.', {
    details: { errors: [error] },
  });
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
}
