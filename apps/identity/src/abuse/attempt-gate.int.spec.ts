import { randomUUID } from 'node:crypto';
import { isAppError } from '@flotilla/contracts/errors';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type IdentityStore, openStore } from '../../test/identity-store.js';
import { migrations } from '../migrations.js';
import { type Attempt, AttemptGate, type Charge } from './attempt-gate.js';
import { ATTEMPT_POLICIES } from './attempt-policy.js';

let test: TestDatabase;
/** Two processes on the same database. */
let stores: [IdentityStore, IdentityStore];
let gates: [AttemptGate, AttemptGate];
let gate: AttemptGate;

beforeAll(async () => {
  test = await testDatabase(migrations);
  stores = [await openStore(test.url), await openStore(test.url)];
  const [{ clock }] = stores;
  gates = [new AttemptGate(stores[0].database, clock), new AttemptGate(stores[1].database, clock)];
  [gate] = gates;
});
beforeEach(() => test.pool().query('TRUNCATE attempt_counters'));
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await test.drop();
});

let hosts = 0;
/** An address that nobody else has. */
const address = () => `2001:db8:${(hosts += 1).toString(16)}::1`;
const email = () => `${randomUUID()}@flotilla.example`;
const { account, address: network } = ATTEMPT_POLICIES;

/** The charge, or the seconds to wait. */
async function attempt(given: Attempt, at = gate): Promise<Charge | number> {
  try {
    return await at.admit(given);
  } catch (error) {
    if (isAppError(error, 'rate-limited')) return error.details!.retryAfterSeconds;
    throw error;
  }
}
const isRefused = (outcome: Charge | number): outcome is number => typeof outcome === 'number';

async function fail(times: number, given: () => Attempt): Promise<(Charge | number)[]> {
  const outcomes = [];
  for (let count = 0; count < times; count += 1) outcomes.push(await attempt(given()));
  return outcomes;
}

describe('guesses at one account', () => {
  it('get as many verifications as the burst allows, however many come at once to two processes', async () => {
    const target = email();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        attempt({ account: target, address: address() }, gates[index % 2]),
      ),
    );

    const admitted = outcomes.filter((outcome) => !isRefused(outcome));
    expect(admitted).toHaveLength(account.burst);
  });

  it('wait longer after each failure, wherever they come from', async () => {
    const target = email();
    await fail(account.burst, () => ({ account: target, address: address() }));
    const waits = [];
    for (let count = 0; count < 4; count += 1) {
      const wait = await attempt({ account: target, address: address() });
      waits.push(wait);
      stores[0].clock.advance((wait as number) * 1000);
      expect(isRefused(await attempt({ account: target, address: address() }))).toBe(false);
    }

    expect(waits).toEqual([1, 2, 4, 8]);
  });

  it('are counted alike for an account that does not exist', async () => {
    const [known, unknown] = [email(), email()];
    await stores[0].account(known);
    const outcomesAt = async (target: string) =>
      (await fail(account.burst + 2, () => ({ account: target, address: address() }))).map(
        isRefused,
      );

    expect(await outcomesAt(known)).toEqual(await outcomesAt(unknown));
  });

  it('by a stranger do not keep a device of the owner out, nor its whole network', async () => {
    const [target, home] = [email(), address()];
    await fail(account.burst + 3, () => ({ account: target, address: home }));
    await fail(network.burst, () => ({ account: email(), address: home }));

    expect(isRefused(await attempt({ account: target, address: home }))).toBe(true);
    const deviceId = randomUUID();
    expect(isRefused(await attempt({ account: target, address: home, deviceId }))).toBe(false);
  });

  it('from a device that was stolen are limited, too', async () => {
    const deviceId = randomUUID();
    const outcomes = await fail(ATTEMPT_POLICIES.device.burst + 1, () => ({
      account: email(),
      address: address(),
      deviceId,
    }));

    expect(outcomes.filter(isRefused)).toHaveLength(1);
  });
});

describe('guesses from one network', () => {
  it('at many accounts are limited, over all addresses of an IPv6 /64', async () => {
    let host = 0;
    const outcomes = await fail(network.burst + 5, () => ({
      account: email(),
      address: `2001:db8:ffff:1::${(host += 1).toString(16)}`,
    }));

    expect(outcomes.filter((outcome) => !isRefused(outcome))).toHaveLength(network.burst);
    expect(isRefused(await attempt({ account: email(), address: '2001:db8:ffff:2::1' }))).toBe(
      false,
    );
  });

  it('at device codes count with those at passwords', async () => {
    const home = address();
    await fail(network.burst - 1, () => ({ account: email(), address: home }));
    await fail(1, () => ({ address: home }));

    expect(isRefused(await attempt({ account: email(), address: home }))).toBe(true);
  });
});

describe('a refused attempt', () => {
  it('costs nothing: waiting as long as was said is enough', async () => {
    const target = email();
    await fail(account.burst, () => ({ account: target, address: address() }));
    await fail(30, () => ({ account: target, address: address() }));
    const wait = await attempt({ account: target, address: address() });
    expect(wait).toBe(1);
    stores[0].clock.advance(1000);

    expect(isRefused(await attempt({ account: target, address: address() }))).toBe(false);
  });
});

describe('an attempt that turned out well', () => {
  it('is taken back, so that people who know their password never wait', async () => {
    const [target, home] = [email(), address()];
    for (let count = 0; count < network.burst + account.burst; count += 1) {
      const charge = await attempt({ account: target, address: home });
      await gate.refund(charge as Charge);
    }

    const { rows } = await test.pool().query('SELECT 1 FROM attempt_counters WHERE level > 0.01');
    expect(rows).toEqual([]);
  });

  it('does not clear the failures of others', async () => {
    const target = email();
    await fail(account.burst - 1, () => ({ account: target, address: address() }));
    await gate.refund((await attempt({ account: target, address: address() })) as Charge);
    await fail(1, () => ({ account: target, address: address() }));

    expect(isRefused(await attempt({ account: target, address: address() }))).toBe(true);
  });
});

describe('mails to one address', () => {
  it('are limited, wherever they are asked for', async () => {
    const target = email();
    const outcomes = [];
    for (let count = 0; count < ATTEMPT_POLICIES.mail.burst + 2; count += 1) {
      outcomes.push(
        await gate.admitMail(target, address()).then(
          () => 'sent',
          () => 'not sent',
        ),
      );
    }

    expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(
      ATTEMPT_POLICIES.mail.burst,
    );
  });
});

describe('what is remembered', () => {
  it('names nobody, and is forgotten when it is old', async () => {
    const target = email();
    await fail(1, () => ({ account: target, address: '203.0.113.9' }));
    const { rows } = await test.pool().query<{ key: string }>('SELECT key FROM attempt_counters');
    expect(rows).toHaveLength(3);
    expect(rows.some(({ key }) => key.includes('@') || key.includes('203'))).toBe(false);

    expect(await gate.sweep()).toBe(0);
    stores[0].clock.advance(365 * 86_400_000);
    expect(await gate.sweep()).toBe(3);
  });
});
