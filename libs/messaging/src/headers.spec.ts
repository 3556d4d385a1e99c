import type { Actor } from '@flotilla/contracts/actor';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeActor, encodeActor } from './headers.js';

describe('the actor header', () => {
  it('is one line of printable ASCII and brings back the same actor, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const actor: Actor = { userId: `usr_${text}`, mode: 'live', permissions: ['orders:read'] };
        const header = encodeActor(actor);
        expect(header).toMatch(/^[\x20-\x7e]*$/);
        expect(decodeActor(header)).toEqual(actor);
      }),
    );
  });

  it('means nobody when empty', () => {
    expect(decodeActor('')).toBeNull();
  });

  it.each(['{', 'null', '"usr_1"', '{"userId":"usr_1"}', '{"userId":1,"permissions":[]}'])(
    'is refused when it is not an actor: %s',
    (header) => {
      expect(() => decodeActor(header)).toThrow(SyntaxError);
    },
  );
});
