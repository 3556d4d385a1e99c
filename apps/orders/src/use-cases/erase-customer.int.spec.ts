import type { Actor } from '@flotilla/contracts/actor';
import type { EventEnvelope } from '@flotilla/contracts/events';
import { newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import { Database } from '@flotilla/runtime/database';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  ordersUnderTest,
  type OrdersUnderTest,
  someone,
  teaOrder,
} from '../../test/orders-under-test.js';
import { OrderQueries } from '../repositories/order.queries.js';
import { ReadModelRebuild } from '../repositories/read-model-rebuild.js';
import { CancelOrder } from './cancel-order.js';
import { EraseCustomer } from './erase-customer.js';
import { PlaceOrder } from './place-order.js';

const SHIPPING = {
  name: 'Ada Unmistakable',
  line1: '12 St James’s Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
};

let orders: OrdersUnderTest;
beforeAll(async () => {
  orders = await ordersUnderTest();
  const price = { amount: 250, currency: 'EUR' };
  orders.stock.stock('TEA', { name: 'Tea', price, available: 1000 });
});
afterAll(() => orders.close());

const place = (ada: Actor) =>
  orders
    .get(PlaceOrder)
    .execute(
      ada,
      teaOrder({ shippingAddress: SHIPPING, metadata: { note: 'for Ada Unmistakable' } }),
    );

function hear(ada: Actor, type: string): Promise<void> {
  const event: EventEnvelope = {
    id: toId('evt', newUuid()),
    type,
    version: 2,
    subject: ada.userId,
    streamId: toUuid('usr', ada.userId),
    occurredAt: new Date().toISOString(),
    actor: { userId: ada.userId, mode: 'live' },
    data: {},
  };
  return orders.get(Database).transaction((tx) => orders.get(EraseCustomer).execute(tx, event));
}

test('what orders say about a person goes with the person, and all else of them stays', async () => {
  const [ada, other] = [someone(), someone()];
  const { order } = await place(ada);
  const { order: kept } = await place(other);
  await orders.get(CancelOrder).execute(ada, { orderId: order.id, reason: 'Unmistakable moves' });
  const before = await orders.get(OrderQueries).get(ada, order.id);

  await hear(ada, 'user.role_changed');
  expect(await orders.get(OrderQueries).get(ada, order.id)).toEqual(before);
  await hear(ada, 'user.erased');
  await hear(ada, 'user.erased');

  const erased = { ...before, shippingAddress: null, metadata: {} };
  expect(await orders.get(OrderQueries).get(ada, order.id)).toEqual(erased);
  expect(await orders.get(OrderQueries).get(other, kept.id)).toEqual(kept);
  const left = await orders.database.pool().query(
    `SELECT stream_id AS id FROM events WHERE payload::text ~ 'Unmistakable'
     UNION ALL SELECT id FROM orders WHERE orders::text ~ 'Unmistakable'`,
  );
  const keptId = toUuid('ord', kept.id);
  expect(left.rows).toEqual([{ id: keptId }, { id: keptId }]);

  await orders.get(ReadModelRebuild).page();
  expect(await orders.get(OrderQueries).get(ada, order.id)).toEqual(erased);
});
