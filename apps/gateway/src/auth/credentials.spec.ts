import { checksum } from '@flotilla/contracts/api-key-format';
import { isAppError } from '@flotilla/contracts/errors';
import { describe, expect, it } from '@jest/globals';
import { credentialOf } from './credentials.js';

const key = withChecksum(`sk_live_${'a'.repeat(43)}`);
const otherKey = withChecksum(`sk_test_${'b'.repeat(43)}`);
const token = 'eyJhbGciOiJFUzI1NiJ9.e30.x';

describe('credentialOf', () => {
  it('takes a key from X-API-Key, from a Bearer authorization, or from both when they agree', () => {
    const found = { kind: 'api-key', key };
    expect(credentialOf(request({ 'x-api-key': key }))).toEqual(found);
    expect(credentialOf(request({ authorization: `Bearer ${key}` }))).toEqual(found);
    expect(credentialOf(request({ authorization: `bearer  ${key} `, 'x-api-key': key }))).toEqual(
      found,
    );
  });

  it('takes a token by either scheme', () => {
    expect(credentialOf(request({ authorization: `Bearer ${token}` }))).toEqual({
      kind: 'token',
      scheme: 'Bearer',
      token,
    });
    expect(credentialOf(request({ authorization: `dpop ${token}` }))).toEqual({
      kind: 'token',
      scheme: 'DPoP',
      token,
    });
  });

  it('finds nothing in a request without a credential', () => {
    expect(credentialOf(request({}))).toBeUndefined();
  });

  it.each([
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['no token', { authorization: 'Bearer' }],
    ['two tokens', { authorization: `Bearer ${token} ${token}` }],
  ])('answers 401 to %s', (_, headers) => {
    expect(codeOf(() => credentialOf(request(headers)))).toBe('unauthenticated');
  });

  it.each([otherKey, token])('refuses two credentials that differ', (other) => {
    const both = request({ authorization: `Bearer ${other}`, 'x-api-key': key });
    expect(codeOf(() => credentialOf(both))).toBe('validation-failed');
  });

  it.each(['api_key', 'apiKey', 'access_token'])('refuses ?%s=, beside a good key too', (name) => {
    expect(codeOf(() => credentialOf(request({ 'x-api-key': key }, { [name]: key })))).toBe(
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
