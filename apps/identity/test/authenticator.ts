import type { Browser, Visited } from '@flotilla/testing/browser';
import { Secret, TOTP } from 'otpauth';

/**
 * Sets a second factor up in a browser that is signed in, on the page for it; what its app shows, step by step. No recovery codes
 * when it was refused.
 */
export async function enrol(
  at: Browser,
  shown?: Visited,
): Promise<{ code: () => string; recoveryCodes: string[] }> {
  const page = shown ?? (await at.open('/account/two-factor'));
  const secret = /<code>([A-Z2-7 ]+)<\/code>/.exec(page.html)![1]!.replaceAll(' ', '');
  let ahead = -1;
  const code = () => {
    ahead += 1;
    return new TOTP({ secret: Secret.fromBase32(secret) }).generate({
      timestamp: Date.now() + ahead * 30_000,
    });
  };
  const done = await at.submit(page, '/account/two-factor/enrol', { code: code() });
  const recoveryCodes = [...done.html.matchAll(/<code>([0-9a-z-]{19})<\/code>/g)].map(
    ([, one]) => one!,
  );
  return { code, recoveryCodes };
}
