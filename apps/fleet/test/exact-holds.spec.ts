import { setTimeout as sleep } from 'node:timers/promises';
import type { Id } from '@flotilla/contracts/ids';
import { newUuid } from '@flotilla/contracts/ids';
import { ExplainStock, ListMovements } from '@flotilla/contracts/inventory';
import * as changes from '@flotilla/contracts/order-changes';
import * as operations from '@flotilla/contracts/orders';
import { CommitHold } from '@flotilla/contracts/stock-holds';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openShop, type Shop } from './shop.js';

/** Sweeps are made when a service starts; the next ones come tomorrow. */
const NEVER = { SWEEP_INTERVAL_MS: String(24 * 3_600_000) };
const MINUTE_MS = 60_000;
const RACES = 40;
const AT_ONCE = 10;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(NEVER);
});
afterAll(() => shop?.close());

function place(sku: string, quantity: number, holdMinutes?: number) {
  const order = { items: [{ sku, quantity }], holdMinutes };
  return shop.ask(operations.PlaceOrder, { idempotencyKey: newUuid(), order });
}

/** Pending orders whose holds end so many milliseconds after they were asked for: the clock of orders is behind for them. */
async function heldAll(skus: readonly string[], quantity: number, forMs: number) {
  shop.pass(forMs - MINUTE_MS);
  const answers = await Promise.all(skus.map((sku) => place(sku, quantity, 1)));
  shop.pass(MINUTE_MS - forMs);
  return answers.map((answer): operations.OrderView => {
    if (typeof answer === 'string') throw new Error(answer);
    return answer.order;
  });
}

async function held(sku: string, quantity: number, forMs: number): Promise<operations.OrderView> {
  return (await heldAll([sku], quantity, forMs))[0]!;
}

/** Both services and PostgreSQL are on one machine, so that they have one clock. */
async function untilEndOf({ expiresAt }: operations.OrderView): Promise<void> {
  const end = Date.parse(expiresAt!);
  while (Date.now() < end) await sleep(end - Date.now());
}

const confirm = (orderId: Id<'ord'>) => shop.ask(operations.ConfirmOrder, { orderId });
const statusOf = (answer: unknown) =>
  typeof answer === 'string' ? answer : (answer as { status: string }).status;

describe('with every sweeper stopped', () => {
  it('units are sellable from the end of their hold on, which nobody can confirm any more', async () => {
    const sku = await shop.product(3);
    const order = await held(sku, 3, 5_000);
    expect(await place(sku, 1)).toBe('insufficient-stock');

    await untilEndOf(order);

    expect(await shop.available(sku)).toBe(3);
    expect(await shop.ask(ExplainStock, { sku, mode: 'live' })).toMatchObject({ taking: [] });
    expect(await confirm(order.id)).toBe('hold-expired');
    expect(await place(sku, 3)).toMatchObject({ order: { status: 'confirmed' } });
    expect(await confirm(order.id)).toBe('hold-expired');
    expect(await shop.ask(operations.CancelOrder, { orderId: order.id })).toBe(
      'illegal-transition',
    );
    expect(await shop.ask(operations.GetOrder, { orderId: order.id })).toMatchObject({
      status: 'expired',
      version: 1,
    });
    const ledger = await shop.ask(ListMovements, { sku, mode: 'live' });
    if (typeof ledger === 'string') throw new Error(ledger);
    expect(ledger.data.filter(({ orderId }) => orderId === order.id)).toMatchObject([
      { type: 'release', reservedDelta: -3, reason: 'expired' },
      { type: 'reserve', reservedDelta: 3 },
    ]);
  });

  it('so are those of a confirmation that was cut short, and the order has expired', async () => {
    const sku = await shop.product(2);
    const order = await held(sku, 2, 5_000);
    // As orders does before it writes the confirmation, and dies.
    expect(await shop.ask(CommitHold, { orderId: order.id })).toMatchObject({ state: 'committed' });
    await untilEndOf(order);

    expect(await place(sku, 2)).toMatchObject({ order: { status: 'confirmed' } });
    expect(await confirm(order.id)).toBe('hold-expired');
    expect(await shop.ask(operations.GetOrderEvents, { orderId: order.id })).toMatchObject({
      data: [{ type: 'order.placed' }, { type: 'order.expired', actor: { system: 'orders' } }],
    });
  });

  it('money that arrives too late goes back, and the history says so', async () => {
    const order = await held(await shop.product(1), 1, 1_000);
    await untilEndOf(order);

    const payment = { amount: { amount: 100, currency: 'EUR' }, reference: 'bank' };
    const paid = await shop.ask(changes.RecordPayment, {
      orderId: order.id,
      idempotencyKey: newUuid(),
      body: payment,
    });

    expect(paid).toMatchObject({ order: { status: 'expired', paymentStatus: 'refunded' } });
    const history = await shop.ask(operations.GetOrderEvents, { orderId: order.id });
    expect(history).toMatchObject({
      data: [
        { type: 'order.placed', version: 1 },
        { type: 'order.expired', version: 2 },
        { type: 'order.paid', version: 3, data: payment },
        { type: 'order.refunded', version: 4, data: { amount: payment.amount } },
      ],
    });
  });

  it('the units of a hold never go to its confirmation and to another order, however close to its end', async () => {
    const outcomes: string[] = [];
    // Until there were some of each kind, too: otherwise nothing was raced.
    while (outcomes.length < RACES || new Set(outcomes).size === 1) {
      const skus = await Promise.all(Array.from({ length: AT_ONCE }, () => shop.product(1)));
      const orders = await heldAll(skus, 1, 2_000);
      const round = await Promise.all(
        orders.map(async (order, race) => {
          await sleep(Date.parse(order.expiresAt!) - Date.now() + (race - AT_ONCE / 2) * 8);
          const [confirmed, other] = await Promise.all([confirm(order.id), place(skus[race]!, 1)]);
          return [statusOf(confirmed), typeof other === 'string' ? other : 'sold'].join(', ');
        }),
      );
      // A confirmation that came too late keeps nothing back.
      for (const [race, sku] of skus.entries())
        if (round[race] === 'hold-expired, insufficient-stock')
          expect(await place(sku, 1)).toMatchObject({ order: { status: 'confirmed' } });
      outcomes.push(...round);
    }
    expect(outcomes).not.toContain('confirmed, sold');
  });

  it('and no database contradicts another', async () => {
    expect(await shop.violations()).toEqual([]);
  });
});
