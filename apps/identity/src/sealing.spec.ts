import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Sealing } from './sealing.js';

const secret = Buffer.from('the code is 4711');
const [older, newer] = [randomBytes(32), randomBytes(32)];

describe('sealing', () => {
  it('opens what it sealed, and shows nothing of it', () => {
    const sealing = new Sealing([newer]);
    const sealed = sealing.seal('here', secret);
    expect(sealing.open('here', sealed)).toEqual(secret);
    expect(sealed.includes('4711')).toBe(false);
    expect(sealing.seal('here', secret).equals(sealed)).toBe(false);
  });

  it('opens nothing that was moved or changed', () => {
    const sealing = new Sealing([newer]);
    const sealed = sealing.seal('here', secret);
    expect(sealing.open('there', sealed)).toBeUndefined();
    for (const index of [0, 5, 20, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[index]! ^= 1;
      expect(sealing.open('here', changed)).toBeUndefined();
    }
    expect(sealing.open('here', Buffer.alloc(3))).toBeUndefined();
  });

  it('goes on opening with a key that no longer seals, until it is taken out', () => {
    const sealed = new Sealing([older]).seal('here', secret);
    const both = new Sealing([newer, older]);
    expect(both.open('here', sealed)).toEqual(secret);
    expect(new Sealing([older]).open('here', both.seal('here', secret))).toBeUndefined();
    expect(new Sealing([newer]).open('here', sealed)).toBeUndefined();
  });

  it('derives secrets that differ by purpose and by key', () => {
    const [first, second] = new Sealing([newer, older]).derive('cookies');
    expect(first).toHaveLength(32);
    expect(first!.equals(second!)).toBe(false);
    expect(first!.equals(new Sealing([newer]).derive('nonces')[0]!)).toBe(false);
    expect(first).toEqual(new Sealing([newer]).derive('cookies')[0]);
  });
});
