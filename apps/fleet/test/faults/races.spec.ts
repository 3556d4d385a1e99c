import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { principalOf } from '@flotilla/contracts/actor';
import { deriveUuid, type Id, toId } from '@flotilla/contracts/ids';
import { ResolveOrder } from '@flotilla/contracts/orders';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import { HttpClient } from '@flotilla/testing/http-client';
import { isComplete } from '@flotilla/testing/sample';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Operator } from '../../src/operator.js';
import { SERVICES } from '../../src/services.js';
import { verify } from '../../src/verify/verify.js';
import { placeOrder, rows, settled, stockOf, stockUp } from '../actions.js';
import { type Outcome, untilDecided, type Wish } from '../customers.js';
import { holdBackEvents, letEventsGo, publishTwiceShuffled } from '../shuffling-relay.js';

/** `npm run race` makes it 10,000, and 200. */
const ATTEMPTS = Number(process.env['RACE_ATTEMPTS'] ?? 600);
const UNITS = ATTEMPTS / 20;
const VOIDS = isComplete ? 200 : 60;
/** Of one customer among so many: two cores decide some hundred attempts a second. */
const PATIENCE_MS = 120_000 + ATTEMPTS * 50;

let fleet: TestFleet;
let gateways: HttpClient[];

beforeAll(async () => {
  fleet = await testFleet({
    args: ['--replicas', 'orders=3,inventory=3,gateway=2'],
    env: { SWEEP_INTERVAL_MS: '500' },
  });
  const { gateways: urls, apiKey } = fleet.file();
  gateways = urls.map((url) => new HttpClient(url, { 'x-api-key': apiKey }));
}, 150_000);
afterAll(() => fleet?.stop());

const gatewayOf = (turn: number) => gateways[turn % gateways.length]!;

async function isConsistent(): Promise<void> {
  await settled(fleet);
  expect((await verify(fleet.file().databaseUrl)).violations).toEqual([]);
}

/** Lets the sweeper look after every hold that nobody has decided, however young. */
async function growOld(): Promise<void> {
  await rows(
    fleet,
    'inventory',
    `UPDATE reservations SET held_at = held_at - interval '1 hour'
     WHERE state = 'held' AND decided_at IS NULL`,
  );
}

describe('three replicas of orders and of inventory behind two gateways', () => {
  it(
    `sell exactly ${UNITS} units to ${ATTEMPTS} attempts, all lines of an order or none`,
    async () => {
      const sides = Array.from({ length: 7 }, (_, n) => `SIDE-${n}`);
      await stockUp(fleet, {
        HOT: UNITS,
        ...Object.fromEntries(sides.map((sku) => [sku, ATTEMPTS])),
      });
      const wishes = wishesFor('HOT', sides);
      const outcomes = await Promise.all(
        wishes.map((wish, n) => untilDecided(gatewayOf(n), wish, PATIENCE_MS)),
      );

      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set([201, 409]));
      const refusals = outcomes.filter(({ status }) => status === 409);
      expect(new Set(refusals.map(({ body }) => body.code))).toEqual(
        new Set(['insufficient-stock']),
      );
      const orders = new Map(
        outcomes.filter(({ status }) => status === 201).map(({ body }) => [body.id, body]),
      );
      const sold = (sku: string) =>
        [...orders.values()]
          .flatMap(({ items }) => items)
          .filter((item) => item.sku === sku)
          .reduce((sum, { quantity }) => sum + quantity, 0);
      expect(sold('HOT')).toBe(UNITS);
      await isConsistent();
      for (const sku of ['HOT', ...sides]) {
        expect((await stockOf(fleet.client, sku)).reserved).toBe(sold(sku));
      }
    },
    2 * PATIENCE_MS,
  );

  it(`agree on the winner of each of ${VOIDS} races between an order and its withdrawal`, async () => {
    await stockUp(fleet, { VOID: VOIDS });
    const { id: userId } = (await fleet.client.get<{ id: Id<'usr'> }>('/api/v2/users/me')).body;
    const principal = principalOf({ userId, mode: 'live' });
    const sweeper = await Operator.connect(fleet.file().natsUrl);
    let placed = 0;
    // Follows the time that an order takes, so that the two arrive together.
    let delayMs = 5;
    for (let race = 0; race < VOIDS; race += 1) {
      const key = `void-${race}`;
      const orderId = toId('ord', deriveUuid(principal, key));
      const [answer, { fate }] = await Promise.all([
        placeOrder<Outcome>(gatewayOf(race), key, [{ sku: 'VOID', quantity: 1 }]),
        sleep(delayMs).then(() => sweeper.call(ResolveOrder, { orderId })),
      ]);
      expect([fate, answer.status, answer.body.code]).toEqual(
        fate === 'placed' ? ['placed', 201, undefined] : ['voided', 409, 'order-voided'],
      );
      if (fate === 'placed') placed += 1;
      delayMs = Math.max(0, delayMs + (fate === 'placed' ? -1 : 1));
    }
    await sweeper.close();
    await growOld();
    await isConsistent();
    expect(await stockOf(fleet.client, 'VOID')).toMatchObject({ reserved: placed });
    const [lost] = await rows<{ count: number }>(
      fleet,
      'inventory',
      `SELECT count(*)::int FROM reservations JOIN reservation_lines USING (order_id)
       WHERE sku = 'VOID' AND state = 'released'`,
    );
    // Otherwise it was no race: some were placed, and some withdrawn with their stock held.
    expect([placed > 0, lost!.count > 0]).toEqual([true, true]);
  });

  it('apply every event once and in order, although all arrive twice and shuffled', async () => {
    await stockUp(fleet, { SHUFFLED: 1_000 });
    await settled(fleet);
    await holdBackEvents(fleet);
    await Promise.all(Array.from({ length: 24 }, (_, n) => course(n)));
    await letEventsGo(fleet);
    await publishTwiceShuffled(fleet);
    await isConsistent();

    const before = await state();
    await publishTwiceShuffled(fleet);
    expect(await state()).toEqual(before);
    await isConsistent();
  });

  it('make one order of fifty identical requests, and give one answer', async () => {
    await stockUp(fleet, { ONCE: 100 });
    const wish: Wish = { key: 'once', items: [{ sku: 'ONCE', quantity: 1 }] };
    const fifty = Array.from({ length: 50 }, (_, n) => gatewayOf(n));
    const answers = await Promise.all(
      fifty.map((client) => placeOrder<Outcome>(client, wish.key, wish.items)),
    );
    for (const { status, body } of answers) {
      if (status !== 201) {
        expect([status, body.code]).toEqual([409, 'idempotency-key-in-flight']);
      }
    }
    const first = answers.find(({ status }) => status === 201)!.body;

    await forgetRedis();
    for (const service of SERVICES) fleet.killService(service);
    const later = await Promise.all(fifty.map((client) => untilDecided(client, wish)));
    expect(new Set(later.map(({ body }) => JSON.stringify(body)))).toEqual(
      new Set([JSON.stringify(first)]),
    );
    expect(await stockOf(fleet.client, 'ONCE')).toMatchObject({ reserved: 1 });
    await isConsistent();
  });
});

/** Every second names the product twice, every third wants another one too, and every fifth repeats an earlier wish. */
function wishesFor(sku: string, sides: readonly string[]): Wish[] {
  const wishes: Wish[] = [];
  for (let n = 0; n < ATTEMPTS; n += 1) {
    const items = [{ sku, quantity: 1 }];
    if (n % 2 === 1) items.push({ sku, quantity: 1 });
    if (n % 3 === 0) items.unshift({ sku: sides[n % sides.length]!, quantity: 2 });
    wishes.push(n % 5 === 4 ? wishes[n - 4]! : { key: `race-${n}`, items });
  }
  return wishes;
}

/** An order's way through some of what can happen to one; every fourth the same. */
async function course(n: number): Promise<void> {
  const client = gatewayOf(n);
  const items = [{ sku: 'SHUFFLED', quantity: 3 }];
  const { body } = await untilDecided(client, { key: `course-${n}`, items, holdMinutes: 5 });
  const steps = [
    [['cancel', {}]],
    [
      ['confirm', {}],
      ['cancel', {}],
    ],
    [
      ['confirm', {}],
      ['fulfillments', { items: [{ sku: 'SHUFFLED', quantity: 1 }] }],
      ['fulfillments', {}],
    ],
    [
      ['confirm', {}],
      ['fulfillments', {}],
      ['returns', { items: [{ sku: 'SHUFFLED', quantity: 2 }], restock: true }],
    ],
  ] as const;
  for (const [step, change] of steps[n % steps.length]!) {
    const path = `/api/v1/orders/${body.id}/${step}`;
    const { status } = await client.post(path, change);
    expect([200, 201]).toContain(status);
  }
}

/** What consumers have made of the events of orders. */
async function state(): Promise<unknown> {
  return {
    stock: await rows(fleet, 'inventory', 'SELECT * FROM stock ORDER BY product_id'),
    reservations: await rows(fleet, 'inventory', 'SELECT * FROM reservations ORDER BY order_id'),
    movements: await rows(fleet, 'inventory', 'SELECT count(*) FROM movements'),
    feed: await rows(fleet, 'notifications', 'SELECT count(*) FROM feed'),
  };
}

/** Wipes Redis, where the fleet has one. */
async function forgetRedis(): Promise<void> {
  const { redisUrl } = fleet.file();
  if (redisUrl === null) return;
  const { hostname, port, password } = new URL(redisUrl);
  const socket = connect(Number(port), hostname);
  socket.end(`AUTH ${decodeURIComponent(password)}\r\nFLUSHALL\r\nQUIT\r\n`);
  expect(await text(socket)).toBe('+OK\r\n'.repeat(3));
}
