import { describe, expect, it } from '@jest/globals';
import { ownPath, textOf } from './form-body.js';

describe('a field', () => {
  it.each([
    undefined,
    null,
    'text',
    {},
    { code: 1 },
    { code: ['1', '2'] },
    { code: 'a\0' },
    { code: '\ud800' },
  ])('of %j is empty', (body) => {
    expect(textOf(body, 'code')).toBe('');
  });

  it('is what was typed', () => {
    expect(textOf({ code: ' 12 ' }, 'code')).toBe(' 12 ');
    expect(textOf(Object.create({ code: 'inherited' }), 'code')).toBe('');
  });
});

describe('where a form leads', () => {
  it.each(['/account', '/account/grants', '/oauth/interaction/aB-3_x'])('may be %s', (path) => {
    expect(ownPath(path)).toBe(path);
  });

  it.each([
    undefined,
    ['/account'],
    '',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/account/../oauth/logout',
    '/account?x=1',
    '/account\n',
    '/oauth/authorize',
    'javascript:alert(1)',
  ])('is one’s account instead of %j', (path) => {
    expect(ownPath(path)).toBe('/account');
  });
});
