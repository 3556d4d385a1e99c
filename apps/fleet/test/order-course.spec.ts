import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrderView } from '@flotilla/contracts/orders';
import type { Page } from '@flotilla/contracts/pages';
import type { WebhookDeliveryView, WebhookEndpointWithSecret } from '@flotilla/contracts/webhooks';
import { verifyWebhook } from '@flotilla/sdk/webhooks';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import { eventually } from '@flotilla/testing/eventually';
import type { HttpAnswer, HttpClient } from '@flotilla/testing/http-client';
import {
  command,
  eventsOf,
  placeOrder,
  type Problem,
  rows,
  settled,
  stockUp,
  verify,
} from './actions.js';
import { feedFromZero, ordersAnswered, rebuildOrders } from './feed-orders.js';

const EUR = (amount: number) => ({ amount, currency: 'EUR' });

let fleet: TestFleet;
let client: HttpClient;

beforeAll(async () => {
  fleet = await testFleet();
  client = fleet.client;
  await stockUp(fleet, { MUG: 1_000, POT: 1_000 });
}, 150_000);
afterAll(() => fleet?.stop(), 60_000);

/** Three mugs and a pot, 40.00 EUR. */
async function ordered(key: string, more: object = {}): Promise<OrderView> {
  const items = [
    { sku: 'MUG', quantity: 3 },
    { sku: 'POT', quantity: 1 },
  ];
  return (await placeOrder(client, key, items, more)).body;
}

function change<Answer = OrderView>(
  { id }: OrderView,
  what: string,
  body: object,
  key?: string,
): Promise<HttpAnswer<Answer>> {
  const headers: Record<string, string> = key ? { 'idempotency-key': key } : {};
  return client.post<Answer>(`/api/v1/orders/${id}/${what}`, body, headers);
}

describe('the course of an order', () => {
  it('goes from its payment to its return, with three statuses of their own', async () => {
    const order = await ordered('course');
    const steps: [string, object, object][] = [
      ['payments', { amount: EUR(1000), reference: 'bank-1' }, { paymentStatus: 'authorized' }],
      ['payments', { amount: EUR(3000), reference: 'bank-2' }, { paymentStatus: 'captured' }],
      [
        'fulfillments',
        { items: [{ sku: 'mug', quantity: 2 }], trackingNumber: 'T-1' },
        { status: 'confirmed', fulfillmentStatus: 'partial' },
      ],
      ['fulfillments', {}, { status: 'completed', fulfillmentStatus: 'fulfilled' }],
      [
        'refunds',
        { amount: EUR(500), reason: 'scratched' },
        { paymentStatus: 'partially_refunded' },
      ],
      [
        'returns',
        {
          items: [
            { sku: 'MUG', quantity: 3 },
            { sku: 'POT', quantity: 1 },
          ],
          restock: false,
        },
        { status: 'completed', fulfillmentStatus: 'returned' },
      ],
    ];
    for (const [what, body, expected] of steps) {
      const answer = await change(order, what, body);
      expect([answer.status, answer.body]).toMatchObject([201, expected]);
      expect((await client.get(`/api/v1/orders/${order.id}`)).body).toEqual(answer.body);
    }
    const history = await eventsOf(client, order.id);
    expect(history.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(JSON.stringify(history)).not.toContain('requestHash');
  });

  it('answers a retry byte for byte, and refuses another body under its key', async () => {
    const order = await ordered('retry');
    const payment = { amount: EUR(1000), reference: 'bank-3' };
    const first = await change(order, 'payments', payment, 'pay-1');
    await change(order, 'fulfillments', {});
    const again = await change(order, 'payments', payment, 'pay-1');
    expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body));
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    const other = await change<Problem>(order, 'payments', { ...payment, reference: 'x' }, 'pay-1');
    expect(other.body).toMatchObject({ status: 422, code: 'idempotency-key-reuse' });
  });

  it('sends money back that arrives for a cancelled order', async () => {
    const order = await ordered('late');
    await client.post(`/api/v1/orders/${order.id}/cancel`, {});
    const late = await change(order, 'payments', { amount: EUR(4000), reference: 'bank-4' });
    expect(late.body).toMatchObject({ status: 'cancelled', paymentStatus: 'refunded' });
    const types = (await eventsOf(client, order.id)).map(({ type }) => type);
    expect(types.slice(-2)).toEqual(['order.paid', 'order.refunded']);
  });

  it('refuses what is impossible, and writes nothing', async () => {
    const order = await ordered('refused');
    const pending = await ordered('refused-2', { holdMinutes: 5 });
    const one = { items: [{ sku: 'MUG', quantity: 1 }] };
    const refusals: [OrderView, string, object, number, string][] = [
      [order, 'payments', { amount: EUR(4001), reference: 'x' }, 409, 'amount-exceeded'],
      [order, 'refunds', { amount: EUR(1), reason: 'x' }, 409, 'amount-exceeded'],
      [order, 'fulfillments', { items: [{ sku: 'MUG', quantity: 4 }] }, 409, 'quantity-exceeded'],
      [order, 'returns', { ...one, restock: true }, 409, 'quantity-exceeded'],
      [order, 'fulfillments', { items: [{ sku: 'CUP', quantity: 1 }] }, 422, 'unknown-sku'],
      [pending, 'fulfillments', one, 409, 'illegal-transition'],
      [
        order,
        'payments',
        { amount: { amount: 1, currency: 'USD' }, reference: 'x' },
        400,
        'validation-failed',
      ],
    ];
    for (const [of, what, body, status, code] of refusals) {
      expect((await change<Problem>(of, what, body)).body).toMatchObject({ status, code });
    }
    for (const { id } of [order, pending]) expect(await eventsOf(client, id)).toHaveLength(1);
  });
});

describe('the feed of events', () => {
  it('says all of every order: whoever reads it from the beginning has what GET /orders answers', async () => {
    await ordered('never-confirmed', { holdMinutes: 5 });
    await settled(fleet);
    await eventually(
      async () => {
        const rebuilt = rebuildOrders(await feedFromZero(client));
        expect(rebuilt.size).toBeGreaterThan(5);
        expect(rebuilt).toEqual(await ordersAnswered(client));
      },
      { timeoutMs: 30_000, everyMs: 200 },
    );
  });
});

describe('a webhook', () => {
  it('brings every event of an order to its receiver, signed, as the feed has them', async () => {
    const received: unknown[] = [];
    let secret = '';
    const receiver = createServer((request, response) => {
      void text(request).then((body) => {
        received.push(verifyWebhook(secret, request.headers, body));
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    const endpoint = { url: `http://127.0.0.1:${port}/orders`, events: ['order.*'] };
    const made = await client.post<WebhookEndpointWithSecret>('/api/webhook-endpoints', endpoint);
    expect(made).toMatchObject({ status: 201, body: { enabled: true, events: ['order.*'] } });
    secret = made.body.secret!;

    const order = await ordered('told');
    await change(order, 'payments', { amount: EUR(4000), reference: 'bank-9' });
    await client.post(`/api/v1/orders/${order.id}/cancel`, {});
    const own = async () =>
      (await feedFromZero(client, 100)).filter(({ subject }) => subject === order.id);
    await eventually(
      async () => {
        expect(await own()).toHaveLength(3);
        expect(received).toEqual(expect.arrayContaining(await own()));
      },
      { timeoutMs: 30_000, everyMs: 100 },
    );
    const path = `/api/webhook-endpoints/${made.body.id}`;
    const { body: log } = await client.get<Page<WebhookDeliveryView>>(`${path}/deliveries`);
    expect(log.data.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
    expect((await client.request('DELETE', path)).status).toBe(204);
    await new Promise((resolve) => receiver.close(resolve).closeAllConnections());
  });
});

describe('fleet rebuild orders', () => {
  it('makes the rows anew that a damaged read model has lost', async () => {
    const read = () =>
      rows(
        fleet,
        'orders',
        'SELECT * FROM orders JOIN order_lines ON order_id = id ORDER BY id, position',
      );
    const before = await read();
    await rows(fleet, 'orders', "UPDATE orders SET status = 'expired', payment_status = 'none'");
    expect((await verify(fleet)).code).toBe(1);
    const { code, document } = await command<{ rebuilt: number }>(
      'rebuild',
      'orders',
      '--data',
      fleet.directory,
    );
    expect([code, document]).toMatchObject([
      0,
      { rebuilt: new Set(before.map((row) => row['id'])).size },
    ]);
    expect(await read()).toEqual(before);
  });

  it('leaves every database consistent', async () => {
    await settled(fleet);
    expect((await verify(fleet)).document.violations).toEqual([]);
  });
});
