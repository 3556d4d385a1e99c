import { describe, expect, it } from '@jest/globals';
import { requestIdOf } from './request-id.js';

describe('requestIdOf', () => {
  it.each(['a', 'A.b_c-1', 'x'.repeat(128)])('keeps %s', (id) => expect(requestIdOf(id)).toBe(id));

  it.each([undefined, '', 'x'.repeat(129), 'a b', 'a\n', 'ä', 'a,b'])('replaces %j', (id) => {
    expect(requestIdOf(id)).toMatch(/^[0-9a-f-]{36}$/);
  });
});
