import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { isWellFormedKey } from '@flotilla/contracts/api-key-format';
import { formatKey, hashKey, isUsable, visiblePrefix } from './api-key.js';

const NOON = new Date('2026-01-01T12:00:00Z');

describe('an API key', () => {
  it('is 43 digits of secret and 6 of checksum, however small the random number', () => {
    const key = formatKey('live', Buffer.alloc(32));
    expect(key).toMatch(/^sk_live_0{43}[0-9A-Za-z]{6}$/);
    expect(formatKey('test', Buffer.alloc(32, 0xff))).toMatch(/^sk_test_[0-9A-Za-z]{49}$/);
  });

  it('differs for different random numbers and is well formed', () => {
    const keys = Array.from({ length: 200 }, () => formatKey('live', randomBytes(32)));
    expect(new Set(keys).size).toBe(200);
    expect(keys.every(isWellFormedKey)).toBe(true);
  });

  it('carries the CRC-32 of all that is before it', () => {
    // Known answer, computed with another implementation of CRC-32.
    const key = formatKey('live', Buffer.alloc(32));
    expect(key.slice(-6)).toBe('1Vxh1Z');
  });

  it('is not well formed after any one character changed', () => {
    const key = formatKey('live', randomBytes(32));
    for (let at = 0; at < key.length; at++) {
      const other = key[at] === 'a' ? 'b' : 'a';
      expect(isWellFormedKey(key.slice(0, at) + other + key.slice(at + 1))).toBe(false);
    }
  });

  it('is found by its SHA-256 and shows no more than four characters of its secret', () => {
    const key = formatKey('test', randomBytes(32));
    expect(hashKey(key)).toEqual(createHash('sha256').update(key).digest());
    expect(visiblePrefix(key)).toBe(key.slice(0, 12));
  });
});

describe('a stored key', () => {
  const key = { revokedAt: null, expiresAt: null };

  it('opens nothing from the instant it expires', () => {
    expect(isUsable({ ...key, expiresAt: NOON }, new Date(NOON.getTime() - 1))).toBe(true);
    expect(isUsable({ ...key, expiresAt: NOON }, NOON)).toBe(false);
  });

  it('opens nothing once revoked', () => {
    expect(isUsable(key, NOON)).toBe(true);
    expect(isUsable({ ...key, revokedAt: NOON }, NOON)).toBe(false);
  });
});
