import { checksum } from '@flotilla/contracts/api-key-format';
import { isAppError } from '@flotilla/contracts/errors';
import { describe, expect, it } from '@jest/globals';
import { apiKeyOf } from './credentials.js';

const key = withChecksum(`sk_live_${'a'.repeat(43)}`);
const otherKey = withChecksum(`sk_test_${'b'.repeat(43)}`);

describe('apiKeyOf', () => {
  it('takes a key from X-API-Key, from a Bearer authorization, or from both when they agree', () => {
    expect(apiKeyOf(request({ 'x-api-key': key }))).toBe(key);
    expect(apiKeyOf(request({ authorization: `Bearer ${key}` }))).toBe(key);
    expect(apiKeyOf(request({ authorization: `bearer  ${key} `, 'x-api-key': key }))).toBe(key);
  });

  it('finds nothing in a request without a credential', () => {
    expect(apiKeyOf(request({}))).toBeUndefined();
  });

  it.each([
    ['empty', { 'x-api-key': '' }],
    ['another prefix', { 'x-api-key': key.replace('sk_', 'pk_') }],
    ['one character changed', { 'x-api-key': key.replace('a', 'b') }],
    ['twice', { 'x-api-key': `${key}, ${key}` }],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['no token', { authorization: 'Bearer' }],
    ['a token that is no key', { authorization: 'Bearer eyJhbGciOiJFUzI1NiJ9.e30.x' }],
  ])('answers 401 to %s', (_, headers) => {
    expect(codeOf(() => apiKeyOf(request(headers)))).toBe('unauthenticated');
  });

  it('refuses two credentials that differ', () => {
    const both = request({ authorization: `Bearer ${otherKey}`, 'x-api-key': key });
    expect(codeOf(() => apiKeyOf(both))).toBe('validation-failed');
  });

  it.each(['api_key', 'apiKey', 'access_token'])('refuses ?%s=, beside a good key too', (name) => {
    expect(codeOf(() => apiKeyOf(request({ 'x-api-key': key }, { [name]: key })))).toBe(
      'validation-failed',
    );
  });
});

function request(headers: Record<string, string>, query: Record<string, string> = {}) {
  return { headers, query };
}

function withChecksum(body: string): string {
  return body + checksum(body);
}

function codeOf(read: () => unknown): string | undefined {
  try {
    read();
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
  return undefined;
}
