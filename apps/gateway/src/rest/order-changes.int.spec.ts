import type { OrderAnswer } from '@flotilla/contracts/orders';
import {
  FulfillOrder,
  RecordPayment,
  RefundOrder,
  ReturnItems,
} from '@flotilla/contracts/order-changes';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GatewayUnderTest, gatewayUnderTest } from '../../test/gateway-under-test.js';
import { ORDER } from '../../test/order.js';

const JSON_TYPE = { 'content-type': 'application/json' };

let gateway: GatewayUnderTest;
let key: string;
let lastRequest: unknown;
beforeAll(async () => {
  gateway = await gatewayUnderTest();
  key = gateway.key();
  for (const change of [FulfillOrder, RecordPayment, RefundOrder, ReturnItems]) {
    await gateway.services.answer<{ idempotencyKey: string }, OrderAnswer>(change, (request) => {
      lastRequest = request;
      return { order: ORDER, replayed: request.idempotencyKey === 'again' };
    });
  }
});
afterAll(() => gateway.close());

describe('a change of an order', () => {
  const money = { amount: 5, currency: 'EUR' };
  const items = [{ sku: 'NUT', quantity: 1 }];
  const change = (what: string, body: object, options: { key?: string; headers?: object } = {}) =>
    gateway.fetch(`/api/orders/${ORDER.id}/${what}`, {
      method: 'POST',
      key: options.key ?? key,
      headers: { ...JSON_TYPE, ...options.headers },
      body: JSON.stringify(body),
    });

  it.each([
    ['fulfillments', {}],
    ['fulfillments', { items, trackingNumber: 'T-1' }],
    ['payments', { amount: money, reference: 'bank-1' }],
    ['refunds', { amount: money, reason: 'broken' }],
    ['returns', { items, restock: false }],
  ])('by %s of %j is 201 with the order', async (what, body) => {
    const response = await change(what, body, { headers: { 'idempotency-key': 'mine' } });
    expect([response.status, await response.json()]).toEqual([201, ORDER]);
    expect(response.headers.get('idempotency-replayed')).toBeNull();
    expect(response.headers.get('etag')).toMatch(/^"/);
    expect(lastRequest).toEqual({ orderId: ORDER.id, idempotencyKey: 'mine', body });
  });

  it('says when it is the answer to an earlier request', async () => {
    const response = await change('fulfillments', {}, { headers: { 'idempotency-key': 'again' } });
    expect(response.headers.get('idempotency-replayed')).toBe('true');
  });

  it('without a key goes under a new one each time', async () => {
    const keyOf = async () => {
      await change('fulfillments', {});
      return (lastRequest as { idempotencyKey: string }).idempotencyKey;
    };
    expect(await keyOf()).not.toBe(await keyOf());
  });

  it('takes orders:admin, even from the owner', async () => {
    const customer = gateway.key({ permissions: ['orders:read', 'orders:write'] });
    for (const what of ['fulfillments', 'payments', 'refunds', 'returns']) {
      const response = await change(what, {}, { key: customer });
      expect(await response.json()).toMatchObject({ status: 403, permission: 'orders:admin' });
    }
  });

  it.each([
    ['fulfillments', { items: [] }, '/items'],
    ['fulfillments', { items: [{ sku: 'NUT', quantity: 0 }] }, '/items/0/quantity'],
    ['fulfillments', { trackingNumber: 7 }, '/trackingNumber'],
    ['payments', { reference: 'x' }, '/amount'],
    ['payments', { amount: 5, reference: 'x' }, '/amount'],
    ['payments', { amount: { amount: -1, currency: 'EUR' }, reference: 'x' }, '/amount/amount'],
    ['payments', { amount: { amount: 1.5, currency: 'EUR' }, reference: 'x' }, '/amount/amount'],
    ['payments', { amount: { amount: 1, currency: 'eur' }, reference: 'x' }, '/amount/currency'],
    ['payments', { amount: money }, '/reference'],
    ['refunds', { amount: money, reason: '' }, '/reason'],
    ['returns', { items }, '/restock'],
    ['returns', { items, restock: 'yes' }, '/restock'],
    ['returns', { restock: true }, '/items'],
    ['returns', { items, restock: true, reason: 'x' }, '/reason'],
  ])('by %s of %j is refused and points at %s', async (what, body, pointer) => {
    const response = await change(what, body);
    const { errors } = (await response.json()) as { errors: unknown[] };
    expect(response.status).toBe(400);
    expect(errors).toContainEqual(expect.objectContaining({ pointer }));
  });
});
