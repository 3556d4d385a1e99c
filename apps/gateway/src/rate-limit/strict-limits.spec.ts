import { describe, expect, it } from '@jest/globals';
import { clientOf, strictLimitOf } from './strict-limits.js';

describe('strictLimitOf', () => {
  const limitOf = (url: string) => strictLimitOf({ method: 'POST', url });

  it.each([
    ['/api/users', 'register'],
    ['/account/register', 'register'],
    ['/oauth/token', 'token'],
    ['/account/sign-in?return_to=/account', 'signIn'],
    ['/Account/Second-Factor/', 'signIn'],
    ['/account/passkey', 'signIn'],
    ['/account/forgotten-password', 'signIn'],
    ['/account/reset-password', 'signIn'],
    ['/oauth/interaction/a-b_c/sign-in', 'signIn'],
  ])('of a form to %s is that of %s, however its letters are written', (url, limit) => {
    const [path, query = ''] = url.split('?') as [string, string?];
    const escaped = [...path].map((letter) =>
      letter === '/' ? letter : `%${letter.charCodeAt(0).toString(16)}`,
    );
    expect([limitOf(url), limitOf(`${escaped.join('')}?${query}`)]).toEqual([limit, limit]);
    expect(strictLimitOf({ method: 'GET', url })).toBeUndefined();
  });

  it.each(['/api/users/me', '/account/passkeys/add', '/account/sessions/end', '/oauth/revoke'])(
    'of a form to %s is none',
    (url) => {
      expect(limitOf(url)).toBeUndefined();
    },
  );
});

describe('clientOf', () => {
  it.each([
    [
      { authorization: `Basic ${Buffer.from('shop:secret').toString('base64')}` },
      undefined,
      'shop',
    ],
    [{}, Buffer.from('grant_type=client_credentials&client_id=shop&client_secret=x'), 'shop'],
    [{ authorization: `Basic ${btoa('%73h+op&x:secret')}` }, undefined, 'sh op&x'],
    [{}, undefined, ''],
    [{ authorization: 'Bearer x' }, Buffer.from('{}'), ''],
  ])('finds who asks for a token: %#', (headers, body, client) => {
    expect(clientOf({ headers, body })).toBe(client);
  });
});
