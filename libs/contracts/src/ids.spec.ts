import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deriveUuid, newUuid, toId, toUuid } from './ids.js';

const uuid = fc.uuid();

describe('public ids', () => {
  it('carry every uuid there and back', () => {
    fc.assert(fc.property(uuid, (id) => expect(toUuid('ord', toId('ord', id))).toBe(id)));
  });

  it('of another kind, malformed or too large are of things that do not exist', () => {
    const id = toId('usr', newUuid());
    for (const bad of [
      id,
      '',
      'ord',
      'ord_',
      `ord_${'z'.repeat(26)}`,
      `${id.replace('usr', 'ord')}0`,
      'ORD_1',
    ]) {
      expect(() => toUuid('ord', bad)).toThrow(expect.objectContaining({ code: 'not-found' }));
    }
  });
});

describe('newUuid', () => {
  it('is a UUIDv7 that sorts by its time', () => {
    const [earlier, later] = [newUuid(1_700_000_000_000), newUuid(1_700_000_000_001)];
    expect(earlier).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(earlier < later).toBe(true);
  });
});

describe('deriveUuid', () => {
  it('leads the same principal and key to the same UUIDv8, always', () => {
    // SHA-256 of `a`, a zero byte and `b`: what every order id so far was derived by.
    expect(deriveUuid('a', 'b')).toBe('59b271ae-1bbc-81d3-9d41-929817f4b16f');
  });

  it('keeps principals and keys apart, wherever the border between them is', () => {
    const text = fc.string({ unit: 'grapheme-ascii', minLength: 1 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(deriveUuid(a, b + c)).not.toBe(deriveUuid(a + b, c));
      }),
    );
  });
});
