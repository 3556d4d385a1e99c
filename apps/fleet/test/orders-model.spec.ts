import { newUuid } from '@flotilla/contracts/ids';
import { AdjustStock } from '@flotilla/contracts/inventory';
import * as changes from '@flotilla/contracts/order-changes';
import * as operations from '@flotilla/contracts/orders';
import { eventually } from '@flotilla/testing/eventually';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as model from './order-model.js';
import type { Model, ModelChange, ModelOrder } from './order-model.js';
import { openShop, type Shop } from './shop.js';

const RUNS = 20;
const STEPS = 60;
const UNITS = 12;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.close());

/** One step, on the model and for real; then both must agree, and `verify` finds nothing. */
class Step implements fc.AsyncCommand<Model, Shop> {
  constructor(
    private readonly text: string,
    private readonly act: (model: Model, real: Shop) => Promise<void>,
    readonly check: (model: Readonly<Model>) => boolean = () => true,
  ) {}

  async run(expected: Model, real: Shop): Promise<void> {
    await this.act(expected, real);
    await eventually(async () => {
      expect(await real.available(expected.sku)).toBe(model.freeUnits(expected));
    });
    for (const order of expected.orders) {
      expect(await real.ask(operations.GetOrder, { orderId: order.id })).toMatchObject(
        model.statusesOf(order),
      );
    }
    expect(await real.violations()).toEqual([]);
  }

  toString(): string {
    return this.text;
  }
}

function bodyOf(
  sku: string,
  { quantity, holdMinutes }: Pick<ModelOrder, 'quantity' | 'holdMinutes'>,
) {
  return { items: [{ sku, quantity }], holdMinutes };
}

function place(quantity: number, holdMinutes: number | undefined): Step {
  return new Step(`place ${quantity}, held ${holdMinutes ?? 'not'}`, async (expected, real) => {
    const key = newUuid();
    const order = bodyOf(expected.sku, { quantity, holdMinutes });
    const answer = await real.ask(operations.PlaceOrder, { idempotencyKey: key, order });
    if (quantity > model.freeUnits(expected)) return expect(answer).toBe('insufficient-stock');
    if (typeof answer === 'string') throw new Error(`refused: ${answer}`);
    const { id } = answer.order;
    const status = holdMinutes === undefined ? 'confirmed' : 'pending';
    const nothing = { paid: 0, refunded: 0, shipped: 0, returned: 0, restocked: 0 };
    const placed = {
      id,
      key,
      quantity,
      holdMinutes,
      first: answer.order,
      status,
      ...nothing,
    } as const;
    expected.orders.push(placed);
  });
}

/** A step about one of the orders there are. */
function about(
  text: string,
  at: number,
  act: (order: ModelOrder, real: Shop, model: Model) => Promise<void>,
): Step {
  return new Step(
    `${text} (order ${at})`,
    (expected, real) => act(expected.orders[at % expected.orders.length]!, real, expected),
    ({ orders }) => orders.length > 0,
  );
}

function again(at: number, more: number): Step {
  return about(more ? 'other body' : 'retry', at, async (order, real, { sku }) => {
    const body = bodyOf(sku, { ...order, quantity: order.quantity + more });
    const request = { idempotencyKey: order.key, order: body };
    const answer = await real.ask(operations.PlaceOrder, request);
    expect(answer).toEqual(more ? 'idempotency-key-reuse' : { order: order.first, replayed: true });
  });
}

function restock(delta: number): Step {
  return new Step(`${delta} units by hand`, async (expected, real) => {
    const adjustment = { delta, reason: 'counted' };
    const request = { sku: expected.sku, idempotencyKey: newUuid(), adjustment };
    const refusal = model.adjust(expected, delta);
    for (const replayed of [false, true]) {
      const answer = await real.ask(AdjustStock, request);
      if (refusal !== undefined) expect(answer).toBe(refusal);
      else expect(answer).toMatchObject({ replayed });
    }
  });
}

/** A change that may be impossible, sent twice under one key: it happens once. */
function change(
  text: string,
  at: number,
  amount: number,
  carryOut: ModelChange,
  send: (order: ModelOrder, sku: string, real: Shop, idempotencyKey: string) => Promise<unknown>,
): Step {
  return about(`${text} ${amount}`, at, async (order, real, { sku }) => {
    const refusal = carryOut(order, amount);
    const key = newUuid();
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const answer = await send(order, sku, real, key);
      if (refusal !== undefined) expect(answer).toBe(refusal);
      else expect(answer).toMatchObject(model.statusesOf(order));
    }
  });
}

async function orderIn(answer: Promise<operations.OrderAnswer | string>): Promise<unknown> {
  const settled = await answer;
  return typeof settled === 'string' ? settled : settled.order;
}

/** Few enough orders for much to happen to each. */
const index = fc.nat(2);
const units = fc.integer({ min: 1, max: 4 });
const money = fc.constantFrom(50, 100, 200);
const EUR = (amount: number) => ({ amount, currency: 'EUR' });

const steps = [
  fc.tuple(units, fc.constantFrom(undefined, 1)).map(([quantity, hold]) => place(quantity, hold)),
  fc.tuple(index, fc.nat(1)).map(([at, more]) => again(at, more)),
  index.map((at) =>
    change('confirm', at, 1, model.confirm, ({ id }, _, real) =>
      real.ask(operations.ConfirmOrder, { orderId: id }),
    ),
  ),
  index.map((at) =>
    change('cancel', at, 1, model.cancel, ({ id }, _, real) =>
      real.ask(operations.CancelOrder, { orderId: id }),
    ),
  ),
  fc.tuple(index, money).map(([at, amount]) =>
    change('pay', at, amount, model.pay, ({ id: orderId }, _, real, idempotencyKey) => {
      const body = { amount: EUR(amount), reference: 'bank' };
      return orderIn(real.ask(changes.RecordPayment, { orderId, idempotencyKey, body }));
    }),
  ),
  fc.tuple(index, money).map(([at, amount]) =>
    change('refund', at, amount, model.refund, ({ id: orderId }, _, real, idempotencyKey) => {
      const body = { amount: EUR(amount), reason: 'broken' };
      return orderIn(real.ask(changes.RefundOrder, { orderId, idempotencyKey, body }));
    }),
  ),
  fc.tuple(index, units).map(([at, quantity]) =>
    change('ship', at, quantity, model.ship, ({ id: orderId }, sku, real, idempotencyKey) => {
      const body = { items: [{ sku, quantity }] };
      return orderIn(real.ask(changes.FulfillOrder, { orderId, idempotencyKey, body }));
    }),
  ),
  fc.tuple(index, units, fc.boolean()).map(([at, quantity, restock]) => {
    const carryOut = restock ? model.takeBackToSell : model.takeBack;
    const text = restock ? 'return, to be sold,' : 'return';
    return change(text, at, quantity, carryOut, ({ id: orderId }, sku, real, idempotencyKey) => {
      const body = { items: [{ sku, quantity }], restock };
      return orderIn(real.ask(changes.ReturnItems, { orderId, idempotencyKey, body }));
    });
  }),
  fc.constantFrom(-6, -1, 3).map(restock),
  fc.constant(
    new Step('every hold ends', (expected, real) => {
      real.pass(61_000);
      model.expireAll(expected);
      return Promise.resolve();
    }),
  ),
];

it('agrees with the contract after every step of any course of orders, and nothing drifts apart', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: STEPS, size: 'max' }), async (commands) => {
      const sku = await shop.product(UNITS);
      const start: Model = { sku, counted: UNITS, orders: [] };
      // Otherwise half of the steps would find no order to be about.
      for (const holdMinutes of [undefined, undefined, 1])
        await place(2, holdMinutes).run(start, shop);
      await fc.asyncModelRun(() => ({ model: start, real: shop }), commands);
    }),
    { numRuns: RUNS, endOnFailure: true, interruptAfterTimeLimit: 90_000 },
  );
}, 300_000);
