import { describe, expect, it } from '@jest/globals';
import { CheckedTargets } from './checked-targets.js';

const strict = new CheckedTargets(false);
const lenient = new CheckedTargets(true);
const REFUSED = { code: 'validation-failed', details: { errors: [{ pointer: '/url' }] } };

describe('a target', () => {
  it.each([
    '',
    'example.com',
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://example.com/',
    'data:text/plain,x',
    'javascript:alert(1)',
    'https://user:password@example.com/',
    'https://',
  ])('is refused everywhere: %s', async (url) => {
    await expect(strict.check(url)).rejects.toMatchObject(REFUSED);
    await expect(lenient.check(url)).rejects.toMatchObject(REFUSED);
  });

  it.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://10.0.0.1/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[fd00::1]/',
    'https://localhost:8443/',
    'https://db.internal/',
  ])('is refused unless private ones are allowed: %s', async (url) => {
    await expect(strict.check(url)).rejects.toMatchObject(REFUSED);
    expect(await lenient.check(url)).toBe(new URL(url).href);
  });

  it('is taken as it will be used', async () => {
    expect(await strict.check('https://8.8.8.8:8443/hook?a=1#part')).toBe(
      'https://8.8.8.8:8443/hook?a=1',
    );
  });

  it('whose name does not resolve yet is taken: the connection decides', async () => {
    expect(await strict.check('https://nowhere.invalid/')).toBe('https://nowhere.invalid/');
  });
});
