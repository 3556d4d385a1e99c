import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { Browser } from '@flotilla/testing/browser';
import * as argon2 from '@node-rs/argon2';
import type { IdentityUnderTest } from '../../test/identity-under-test.js';

/** What a process does at once; a replica of identity is alone in it. */
const AT_ONCE = Math.min(3, availableParallelism());

const verifications = { running: 0, most: 0, all: 0 };
jest.unstable_mockModule('@node-rs/argon2', () => ({
  ...argon2,
  verify: async (...given: Parameters<typeof argon2.verify>) => {
    verifications.all += 1;
    verifications.running += 1;
    verifications.most = Math.max(verifications.most, verifications.running);
    try {
      return await argon2.verify(...given);
    } finally {
      verifications.running -= 1;
    }
  },
}));
// After that, or they would have the one that nobody counts.
const { identityUnderTest, ISSUER } = await import('../../test/identity-under-test.js');
const { ATTEMPT_POLICIES } = await import('../abuse/attempt-policy.js');

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await identityUnderTest();
});
afterAll(() => identity.close());
beforeEach(async () => {
  await identity.database.pool().query('TRUNCATE attempt_counters');
  Object.assign(verifications, { most: 0, all: 0 });
});

/** The statuses of so many wrong passwords at the same time. */
async function guess(count: number, email: (index: number) => string): Promise<number[]> {
  const browser = new Browser(identity.urls[0]!, ISSUER);
  const page = await browser.open('/account/sign-in');
  const guesses = Array.from({ length: count }, (_, index) =>
    browser.submit(page, '/account/sign-in', { email: email(index), password: `guess ${index}` }),
  );
  return (await Promise.all(guesses)).map(({ status }) => status);
}

it(`of 50 wrong passwords for one account at once, never more than ${AT_ONCE} are verified at a time, and none that the gate refused`, async () => {
  const { email } = await identity.account();
  const { burst } = ATTEMPT_POLICIES.account;
  const started = performance.now();
  const statuses = await guess(50, () => email);
  const waits = Math.ceil(Math.log2(1 + (performance.now() - started) / 1000)); // 1 s, 2 s, 4 s …

  expect(verifications.all).toBe(statuses.filter((status) => status === 401).length);
  expect(verifications.all).toBeGreaterThanOrEqual(burst);
  expect(verifications.all).toBeLessThanOrEqual(burst + waits);
  expect(verifications.most).toBeLessThanOrEqual(AT_ONCE);
});

it(`of 50 wrong passwords for 50 addresses at once, never more than ${AT_ONCE} are verified at a time`, async () => {
  const { burst } = ATTEMPT_POLICIES.address;
  await guess(50, (index) => `nobody-${index}@flotilla.example`);
  expect(verifications.all).toBeGreaterThanOrEqual(burst);
  expect(verifications.all).toBeLessThan(50);
  expect(verifications.most).toBe(AT_ONCE);
});
