import type { Mode } from '@flotilla/contracts/actor';
import { notFound } from '@flotilla/contracts/errors';
import type { Id } from '@flotilla/contracts/ids';
import { FindOrders, ListUserOrders, type UserOrdersQuery } from '@flotilla/contracts/orders';
import { FindProducts, MAX_PRODUCTS } from '@flotilla/contracts/products';
import { FindUsers, GetUser } from '@flotilla/contracts/users';
import DataLoader from 'dataloader';
import type { FleetClient } from '../clients/fleet-client.js';
import { userV2 } from '../rest/users/user-v2.js';

/** What services take at once. */
const MAX_BATCH = 100;

/**
 * What the objects of one level ask for is asked for in one call. Made anew for every request, as it is its caller who asks;
 * nothing is remembered, so that what follows a mutation sees what it did.
 */
export type Loaders = ReturnType<typeof loadersFor>;

/** The loaders of one request. */
export function loadersFor(fleet: FleetClient, mode: Mode) {
  return {
    /** A user whom the caller may see, as v2 shows one. */
    user: loaderOf('user', async (ids: readonly Id<'usr'>[]) => {
      // One alone is looked for where its registration may not have been heard of yet.
      const users =
        ids.length === 1
          ? [await fleet.call(GetUser, { userId: ids[0]! })]
          : (await fleet.call(FindUsers, { userIds: [...ids] })).data;
      return new Map(users.map((user) => [user.id, userV2(user)]));
    }),

    /** An order that the caller may see, with whose it is. */
    order: loaderOf('order', async (ids: readonly Id<'ord'>[]) => {
      const { data } = await fleet.call(FindOrders, { orderIds: [...ids] });
      return new Map(data.map(({ userId, order }) => [order.id, { ...order, userId }]));
    }),

    /** The orders of a user, as many as are asked for. */
    ordersOf: new DataLoader(
      async (lists: readonly UserOrdersQuery[]) =>
        (await fleet.call(ListUserOrders, { lists: [...lists] })).data,
      { cache: false, maxBatchSize: MAX_BATCH },
    ),

    /** A product by its SKU, which has to be well-formed. */
    product: loaderOf(
      'product',
      async (skus: readonly string[]) => {
        const { data } = await fleet.call(FindProducts, { mode, skus: [...skus] });
        return new Map(data.map((product) => [product.sku.toLowerCase(), product]));
      },
      { nameOf: (sku) => sku.toLowerCase(), maxBatchSize: MAX_PRODUCTS },
    ),
  };
}

/** A loader that asks for each thing once; what was not found is refused as REST does it. */
function loaderOf<Name extends string, Value>(
  what: string,
  find: (names: readonly Name[]) => Promise<Map<string, Value>>,
  options: { nameOf?: (key: Name) => string; maxBatchSize?: number } = {},
): DataLoader<Name, Value> {
  const { nameOf = String, maxBatchSize = MAX_BATCH } = options;
  return new DataLoader<Name, Value>(
    async (keys) => {
      const found = await find([...new Map(keys.map((key) => [nameOf(key), key])).values()]);
      return keys.map((key) => found.get(nameOf(key)) ?? notFound(what));
    },
    { cache: false, maxBatchSize },
  );
}
