import { describe, expect, it } from '@jest/globals';
import { Cursors, instant, position, uuid } from './cursor.js';

const AT = '2026-01-02T03:04:05.678Z';
const ID = '0197a1b2-0000-7000-8000-000000000001';
const books = new Cursors('books', instant, uuid);
const pages = new Cursors('pages', position);

describe('cursor', () => {
  it('gives back what was put in', () => {
    expect(books.decode(books.encode([AT, ID]))).toEqual([AT, ID]);
    expect(pages.decode(pages.encode(['42']))).toEqual(['42']);
  });

  it('is at the beginning when there is none', () => {
    expect(books.decode(undefined)).toEqual([null, null]);
  });

  it.each([
    ['no base64url of JSON', '%%%'],
    ['empty', ''],
    ['of another list', new Cursors('films', instant, uuid).encode([AT, ID])],
    ['of a list that is sorted otherwise', pages.encode(['42'])],
    ['of no list', Buffer.from(JSON.stringify([AT, ID])).toString('base64url')],
    ['not a list', Buffer.from('{"0":"a","length":2}').toString('base64url')],
    ['a time that does not exist', books.encode(['2026-99-02T03:04:05.678Z', ID])],
    ['a time before the calendar', books.encode(['0000-01-01T00:00:00.000Z', ID])],
    ['a time beyond it', books.encode(['+275760-01-01T00:00:00.000Z', ID])],
    ['with an id that is none', books.encode([AT, `${ID}' OR 1=1`])],
    ['followed by something', `${books.encode([AT, ID])}=`],
    ['written otherwise', Buffer.from(`["books","${AT}", "${ID}"]`).toString('base64url')],
    ['with a part that is no text', Buffer.from(`["books",1,"${ID}"]`).toString('base64url')],
  ])('is refused when it is %s', (_what, cursor) => {
    expect(() => books.decode(cursor)).toThrow(
      expect.objectContaining({
        code: 'validation-failed',
        details: { errors: [expect.objectContaining({ pointer: '/cursor' })] },
      }),
    );
  });
});

describe('a page', () => {
  const page = (rows: number[]) => pages.page(rows, 2, String, (row) => [String(row)]);

  it('that is followed by more says where that begins, and one that is not says so', () => {
    expect(page([9, 8, 7])).toEqual({ data: ['9', '8'], nextCursor: pages.encode(['8']) });
    expect(page([9, 8])).toEqual({ data: ['9', '8'], nextCursor: null });
    expect(page([])).toEqual({ data: [], nextCursor: null });
  });

  it('ends where a message would be too large, with one item at least, and goes on behind it', () => {
    const items = ['a', 'b', 'c'].map((letter) => letter.repeat(600_000));
    const keyOf = (item: string) => [item[0]!];
    const letters = new Cursors('letters', (text) => text.length === 1);
    const after = letters.encode(['a']);
    const listing = letters.listing(items, 3, String, keyOf);
    expect(listing).toEqual({ data: [items[0]], cursors: [after], nextCursor: after });
    const alone = letters.page([items[0]!.repeat(2)], 3, String, keyOf);
    expect(alone).toMatchObject({ nextCursor: null });
  });
});
