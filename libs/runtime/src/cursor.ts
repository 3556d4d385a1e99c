import { AppError } from '@flotilla/contracts/errors';
import type { Listing, Page } from '@flotilla/contracts/pages';
import { fitting } from './message-size.js';

/** A check of one part of a cursor, so that nothing a client makes up reaches the database. */
export type CursorPart = (text: string) => boolean;

/** In the years 1000 to 9999: PostgreSQL knows no year 0, and no sixth digit. */
export const instant: CursorPart = (text) => {
  const at = new Date(text);
  return /^[1-9]\d{3}-/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString() === text;
};
export const uuid: CursorPart = (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
export const position: CursorPart = (text) => /^\d{1,18}$/.test(text);

/** The cursors of one list: where it continues, in a form that clients have no reason to look into and no other list takes. */
export class Cursors {
  private readonly checks: readonly CursorPart[];

  /**
   * @param list its name, which is part of each cursor
   * @param checks of what the list is sorted by, part by part
   */
  constructor(
    private readonly list: string,
    ...checks: readonly CursorPart[]
  ) {
    this.checks = checks;
  }

  /**
   * The page of a list whose query was asked for one row more than `limit`, which is there when there is a next page.
   * `keyOf` names what the list is sorted by, as text: where the next page continues. Of items too large for one message a
   * page has fewer than `limit`.
   */
  page<Row, Item>(
    rows: readonly Row[],
    limit: number,
    toItem: (row: Row) => Item,
    keyOf: (row: Row) => readonly string[],
  ): Page<Item> {
    const data = fitting(rows.slice(0, limit).map(toItem));
    const last = rows.length > data.length ? rows[data.length - 1] : undefined;
    return { data, nextCursor: last === undefined ? null : this.encode(keyOf(last)) };
  }

  /** Like `page`, with the cursor of each item. */
  listing<Row, Item>(
    rows: readonly Row[],
    limit: number,
    toItem: (row: Row) => Item,
    keyOf: (row: Row) => readonly string[],
  ): Listing<Item> {
    const page = this.page(rows, limit, toItem, keyOf);
    const cursors = rows.slice(0, page.data.length).map((row) => this.encode(keyOf(row)));
    return { ...page, cursors };
  }

  encode(parts: readonly string[]): string {
    return Buffer.from(JSON.stringify([this.list, ...parts])).toString('base64url');
  }

  /**
   * The parts of the cursor that `encode` wrote; nulls for the beginning of the list.
   * @throws AppError `validation-failed`
   */
  decode(cursor: string | undefined): (string | null)[] {
    if (cursor === undefined) return this.checks.map(() => null);
    const read = parse(cursor);
    const parts: unknown[] = Array.isArray(read) ? read.slice(1) : [];
    const valid =
      parts.length === this.checks.length &&
      this.checks.every(
        (check, index) => typeof parts[index] === 'string' && check(parts[index]),
      ) &&
      // The list is right, and nothing was tampered with: base64url and JSON are both read leniently.
      this.encode(parts as string[]) === cursor;
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
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
}
