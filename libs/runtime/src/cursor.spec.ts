import { describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor, instant, pageOf, position, uuid } from './cursor.js';

const AT = '2026-01-02T03:04:05.678Z';
const ID = '0197a1b2-0000-7000-8000-000000000001';

describe('cursor', () => {
  it('gives back what was put in', () => {
    expect(decodeCursor(encodeCursor([AT, ID]), [instant, uuid])).toEqual([AT, ID]);
    expect(decodeCursor(encodeCursor(['42']), [position])).toEqual(['42']);
  });

  it('is at the beginning when there is none', () => {
    expect(decodeCursor(undefined, [instant, uuid])).toEqual([null, null]);
  });

  it.each([
    ['no base64url of JSON', '%%%'],
    ['empty', ''],
    ['of another list', encodeCursor(['42'])],
    ['not a list', Buffer.from('{"0":"a","length":2}').toString('base64url')],
    ['a time that does not exist', encodeCursor(['2026-99-02T03:04:05.678Z', ID])],
    ['a time before the calendar', encodeCursor(['0000-01-01T00:00:00.000Z', ID])],
    ['a time beyond it', encodeCursor(['+275760-01-01T00:00:00.000Z', ID])],
    ['with an id that is none', encodeCursor([AT, `${ID}' OR 1=1`])],
    ['followed by something', `${encodeCursor([AT, ID])}=`],
    ['written otherwise', Buffer.from(`["${AT}", "${ID}"]`).toString('base64url')],
    ['with a part that is no text', Buffer.from(`[1,"${ID}"]`).toString('base64url')],
  ])('is refused when it is %s', (_what, cursor) => {
    expect(() => decodeCursor(cursor, [instant, uuid])).toThrow(
      expect.objectContaining({
        code: 'validation-failed',
        details: { errors: [expect.objectContaining({ pointer: '/cursor' })] },
      }),
    );
  });
});

describe('a page', () => {
  const page = (rows: number[]) => pageOf(rows, 2, String, (row) => [String(row)]);

  it('that is followed by more says where that begins, and one that is not says so', () => {
    expect(page([9, 8, 7])).toEqual({ data: ['9', '8'], nextCursor: encodeCursor(['8']) });
    expect(page([9, 8])).toEqual({ data: ['9', '8'], nextCursor: null });
    expect(page([])).toEqual({ data: [], nextCursor: null });
  });

  it('of large items ends where a message does, and the next one goes on from there', () => {
    const sizes = [600_000, 300_000, 900_000, 10, 10];
    const large = (rows: number[]) =>
      pageOf(
        rows,
        4,
        (row) => 'x'.repeat(row),
        (row) => [String(row)],
      );
    const lengths = ({ data }: { data: string[] }) => data.map((text) => text.length);
    expect(lengths(large(sizes))).toEqual([600_000]);
    expect(large(sizes).nextCursor).toBe(encodeCursor(['600000']));
    // However large it is: nobody gets past it otherwise.
    expect(lengths(large(sizes.slice(2)))).toEqual([900_000]);
    expect(lengths(large(sizes.slice(3)))).toEqual([10, 10]);
    expect(large(sizes.slice(3)).nextCursor).toBeNull();
  });
});
