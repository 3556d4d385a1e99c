import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ErrorCode } from '@flotilla/contracts/errors';
import type { OrderView } from '@flotilla/contracts/orders';
import { eventually } from '@flotilla/testing/eventually';
import { sample } from '@flotilla/testing/sample';
import { settled, stockOf } from '../actions.js';
import { type Attempt, type CrashTest, openCrashTest } from '../crash-test.js';

/** `npm run crash` plays every point many times; without it each day has a third of them. */
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 1);
const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20];
const chosen = new Set(sample('crash points', NUMBERS, NUMBERS.length / 3));
const point = (nr: number) => (chosen.has(nr) ? it : it.skip);

/** A process dies at a named place while an order is placed, and the client asks again under the same key. */
interface CrashPoint {
  nr: number;
  dies: string;
  at: string;
  /** What the first request is answered: 0 is a connection that breaks. */
  first: 0 | 201 | 504;
  /** What the retry finds: nothing had happened, or the order was there already. */
  retry: 'places' | 'replays';
}

const CRASH_POINTS: readonly CrashPoint[] = [
  { nr: 1, dies: 'gateway', at: 'gateway.before-send', first: 0, retry: 'places' },
  { nr: 2, dies: 'gateway', at: 'gateway.after-send', first: 0, retry: 'replays' },
  { nr: 3, dies: 'orders', at: 'orders.before-hold', first: 504, retry: 'places' },
  { nr: 5, dies: 'inventory', at: 'inventory.before-hold-commit', first: 504, retry: 'places' },
  { nr: 6, dies: 'inventory', at: 'inventory.after-hold-commit', first: 504, retry: 'places' },
  { nr: 9, dies: 'orders', at: 'orders.before-commit', first: 504, retry: 'places' },
  { nr: 11, dies: 'orders', at: 'orders.after-commit', first: 504, retry: 'replays' },
  { nr: 12, dies: 'orders', at: 'orders.relay-after-publish', first: 201, retry: 'replays' },
  {
    nr: 14,
    dies: 'inventory',
    at: 'inventory.consumer-after-commit',
    first: 201,
    retry: 'replays',
  },
  {
    nr: 15,
    dies: 'inventory',
    at: 'inventory.consumer-before-commit',
    first: 201,
    retry: 'replays',
  },
];

let crash: CrashTest;
beforeAll(async () => void (crash = await openCrashTest()), 150_000);
afterEach(() => crash?.heal());
afterAll(() => crash?.close());

describe.each(Array.from({ length: ROUNDS }, (_, n) => n + 1))('crash points, round %i', () => {
  it.each(CRASH_POINTS.filter(({ nr }) => chosen.has(nr)))(
    '$nr. $dies dies at $at: the answer is $first, a retry $retry, the order is sold once',
    async ({ dies, at, first, retry }) => {
      const attempt = await crash.attempt();
      const before = crash.pids(dies);
      crash.failpoints.arm(at);

      expect(await attempt.status()).toBe(first);
      await crash.failpoints.reached(at);

      const { status, headers } = await attempt.untilAnswered();
      expect(status).toBe(201);
      expect(headers.get('idempotency-replayed')).toBe(retry === 'replays' ? 'true' : null);
      await isSoldOnce(attempt);
      await crash.isBackAfter(dies, before);
    },
  );

  point(4)(
    '4. inventory is down: 503 and when to come back, nothing is written; a retry places',
    async () => {
      const attempt = await crash.attempt();
      const before = crash.pids('inventory');
      // A request that was on its way to the process when it died gets no answer at all: once more.
      const refused = await eventually(async () => {
        await crash.kill('inventory');
        const answer = await attempt.place<{ code: ErrorCode }>();
        return answer?.status === 503 && answer;
      });
      expect(refused.body.code).toBe('unavailable');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      await crash.isBackAfter('inventory', before);
      await attempt.hasMoved(['receipt']);

      expect((await attempt.untilAnswered()).status).toBe(201);
      await isSoldOnce(attempt);
    },
  );

  point(7)('7. the reply of inventory comes too late: a retry is given the same hold', async () => {
    const attempt = await crash.attempt();
    crash.failpoints.arm('inventory.after-hold-commit', 'SIGSTOP');
    expect(await attempt.status()).toBe(504);
    crash.goOn('inventory');

    expect((await attempt.untilAnswered()).status).toBe(201);
    await isSoldOnce(attempt);
  });

  point(8)(
    '8, 17. orders dies with the stock held: the sweeper withdraws the attempt, and a late demand is refused',
    async () => {
      const attempt = await crash.attempt();
      const before = crash.pids('orders');
      await holdAndDie(attempt);
      await attempt.growOld();
      await isWithdrawn(attempt);
      await crash.isBackAfter('orders', before);

      await expect(attempt.holdLate()).rejects.toMatchObject({ code: 'order-voided' });
      await isWithdrawn(attempt);
    },
  );

  point(9)(
    '9. the answer to COMMIT is lost: the stream says that the order is placed',
    async () => {
      const attempt = await crash.attempt();
      await settled(crash.fleet);
      crash.database.loseCommitOf('order.placed');
      expect(await attempt.status()).toBe(201);
      expect(crash.database.isLosing()).toBe(false);
      await isSoldOnce(attempt);
    },
  );

  point(10)(
    '10. orders pauses with the stock held, and comes back after the void: the order loses',
    async () => {
      const attempt = await crash.attempt();
      crash.failpoints.arm('orders.after-hold', 'SIGSTOP');
      expect(await attempt.status()).toBe(504);
      await attempt.growOld();
      await eventually(async () => (await attempt.movements()).includes('release'));
      crash.goOn('orders');
      await isWithdrawn(attempt);
    },
  );

  point(13)(
    '13. the broker acknowledged the order and has forgotten it: it is told again',
    async () => {
      const attempt = await crash.attempt();
      crash.failpoints.arm('inventory.consumer-before-commit');
      expect(await attempt.status()).toBe(201);
      await crash.failpoints.reached('inventory.consumer-before-commit');
      await crash.nats.kill();
      await crash.nats.restart({ wipe: true });
      await isSoldOnce(attempt);
    },
  );

  point(16)('16. the sweeper dies between void and release: the next sweep releases', async () => {
    const attempt = await crash.attempt();
    const before = crash.pids('inventory');
    await holdAndDie(attempt);
    crash.failpoints.arm('inventory.sweeper-after-void');
    await attempt.growOld();
    await crash.failpoints.reached('inventory.sweeper-after-void');
    await isWithdrawn(attempt);
    await crash.isBackAfter('inventory', before);
  });

  point(18)(
    '18. an order is cancelled before inventory has heard of it: both are applied, in their order',
    async () => {
      const attempt = await crash.attempt();
      crash.failpoints.arm('inventory.consumer-before-commit');
      const { body: order } = await attempt.untilAnswered<OrderView>();
      await crash.failpoints.reached('inventory.consumer-before-commit');
      const cancelled = await crash.client.post<OrderView>(`/api/v1/orders/${order.id}/cancel`, {});
      expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled']);

      await attempt.hasMoved(['receipt', 'reserve', 'commit', 'release']);
      expect(await attempt.events()).toEqual(['order.placed', 'order.cancelled']);
      expect(await stockOf(crash.client, attempt.sku)).toMatchObject({ onHand: 5, reserved: 0 });
      await crash.isConsistent();
    },
  );

  point(20)(
    '20. inventory is restored from a backup: nothing is sold before all that orders decided is held again',
    async () => {
      const [held, cancelled, shipped, soldOut] = await Promise.all(
        Array.from({ length: 4 }, () => crash.attempt()),
      );
      const pending = (await held!.untilAnswered<OrderView>({ holdMinutes: 5 })).body;
      const early = (await cancelled!.untilAnswered<OrderView>()).body;
      await settled(crash.fleet);
      await crash.backUp('inventory');

      await crash.change(pending, 'confirm');
      await crash.change(early, 'cancel');
      await crash.change((await shipped!.untilAnswered<OrderView>()).body, 'fulfillments');
      await Promise.all([soldOut!, soldOut!.another()].map((one) => one.untilAnswered()));
      await settled(crash.fleet);
      await crash.restore('inventory');

      // 4 of 5 units are sold, of which this database knows nothing.
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => soldOut!.another().status()),
      );
      expect(answers.filter((status) => status === 201)).toEqual([]);
      await soldOut!.hasMoved(['receipt', 'reserve', 'commit', 'reserve', 'commit']);
      await held!.hasMoved(['receipt', 'reserve', 'commit']);
      await cancelled!.hasMoved(['receipt', 'reserve', 'commit', 'release']);
      await shipped!.hasMoved(['receipt', 'reserve', 'commit', 'ship']);
      await crash.isConsistent();
    },
  );
});

/** Leaves stock held for an order that nobody decides. */
async function holdAndDie(attempt: Attempt): Promise<void> {
  crash.failpoints.arm('orders.after-hold');
  expect(await attempt.status()).toBe(504);
}

/** One order, its units taken once, and everything agrees with everything. */
async function isSoldOnce(attempt: Attempt): Promise<void> {
  await attempt.hasMoved(['receipt', 'reserve', 'commit']);
  expect(await attempt.events()).toEqual(['order.placed']);
  expect(await stockOf(crash.client, attempt.sku)).toMatchObject({ onHand: 5, reserved: 2 });
  await crash.isConsistent();
}

/** No order, no units taken, and the key is spent. */
async function isWithdrawn(attempt: Attempt): Promise<void> {
  await attempt.hasMoved(['receipt', 'reserve', 'release']);
  const { status, body } = await attempt.untilAnswered<{ code: ErrorCode }>();
  expect([status, body.code]).toEqual([409, 'order-voided']);
  expect(await attempt.events()).toEqual(['order.voided']);
  expect(await stockOf(crash.client, attempt.sku)).toMatchObject({ onHand: 5, reserved: 0 });
  await crash.isConsistent();
}
