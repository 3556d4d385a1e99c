import { REVOCATIONS_MATTER_MS } from '@flotilla/contracts/revocation';
import { describe, expect, it } from '@jest/globals';
import { RevocationMemory } from './revocation-memory.js';

describe('RevocationMemory', () => {
  it('dates what was asked before an entry, and not what was asked after it', () => {
    const memory = new RevocationMemory();
    const before = memory.mark;
    memory.apply({ kind: 'api-key', id: 'key_a' });
    expect(memory.changedSince(before, 'api-key', 'key_a')).toBe(true);
    expect(memory.changedSince(memory.mark, 'api-key', 'key_a')).toBe(false);
    expect(memory.changedSince(before, 'api-key', 'key_b')).toBe(false);
    expect(memory.changedSince(before, 'user', 'key_a')).toBe(false);
  });

  it('knows what is over, kind by kind, and what the feed said last of a user', () => {
    const memory = new RevocationMemory();
    memory.apply({ kind: 'grant', id: 'g' });
    memory.apply({ kind: 'user', id: 'usr_a', lowestVersion: 2, disabled: true });
    memory.apply({ kind: 'user', id: 'usr_a', lowestVersion: 3, disabled: false });
    expect(memory.isRevoked('grant', 'g')).toBe(true);
    expect(memory.isRevoked('session', 'g')).toBe(false);
    expect(memory.standingOf('usr_a')).toMatchObject({ lowestVersion: 3, disabled: false });
    expect(memory.standingOf('usr_b')).toBeUndefined();
  });

  it('keeps an entry until nobody can come with what it revoked, and no longer', () => {
    const memory = new RevocationMemory();
    memory.apply({ kind: 'token', id: 'a' }, 0);
    memory.apply({ kind: 'token', id: 'b' }, 1);
    memory.apply({ kind: 'token', id: 'a' }, 2);
    memory.apply({ kind: 'token', id: 'c' }, REVOCATIONS_MATTER_MS + 1);
    expect(memory.isRevoked('token', 'b')).toBe(false);
    expect(memory.isRevoked('token', 'a')).toBe(true);
    memory.apply({ kind: 'token', id: 'd' }, REVOCATIONS_MATTER_MS + 2);
    expect(memory.isRevoked('token', 'a')).toBe(false);
  });

  it('takes everything for old once it was told to forget', () => {
    const memory = new RevocationMemory();
    const before = memory.mark;
    memory.forgetEverything();
    expect(memory.changedSince(before, 'api-key', 'key_a')).toBe(true);
    expect(memory.changedSince(memory.mark, 'api-key', 'key_a')).toBe(false);
  });
});
