import { describe, expect, it } from '@jest/globals';
import { encodingFor } from './compression.js';

describe('encodingFor', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['*', 'br'],
    ['*;q=0', undefined],
    ['*, br;q=0', 'gzip'],
    ['GZIP', 'gzip'],
  ])('%s → %s', (accept, encoding) => expect(encodingFor(accept)).toBe(encoding));
});
