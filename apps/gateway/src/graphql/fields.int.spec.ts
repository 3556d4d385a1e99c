import { readFileSync } from 'node:fs';
import { PERMISSIONS, type Permission } from '@flotilla/contracts/actor';
import { ConfirmOrder } from '@flotilla/contracts/orders';
import { ListProducts } from '@flotilla/contracts/products';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, getNamedType, type GraphQLObjectType, isObjectType } from 'graphql';
import { codes, GraphqlUnderTest } from '../../test/graphql-under-test.js';
import { userId } from '../../test/shop-stand-in.js';

let under: GraphqlUnderTest;

beforeAll(async () => {
  under = await GraphqlUnderTest.start();
});
afterAll(() => under.close());

/** Fields of queries and mutations, and those that have another kind of thing than they stand in. */
function fieldsAsking(type: GraphQLObjectType): string[] {
  return Object.values(type.getFields())
    .filter(
      (field) =>
        /^(Query|Mutation)$/.test(type.name) ||
        /^(User|Order|Product)(Connection)?$/.test(getNamedType(field.type).name),
    )
    .map(({ name }) => name);
}

describe('a field', () => {
  /** Who may see which; a field that is resolved and not here fails the first test. */
  const FIELDS: Record<string, [query: string, access: 'public' | Permission[]]> = {
    'Query.me': ['{ me { id } }', ['users:read', 'users:admin']],
    'Query.user': [`{ user(id: "${userId(1)}") { id } }`, ['users:read', 'users:admin']],
    'Query.users': ['{ users { edges { cursor } } }', ['users:admin']],
    'Query.order': ['{ order(id: "ord_x") { id } }', ['orders:read', 'orders:admin']],
    'Query.orders': ['{ orders { edges { cursor } } }', ['orders:read', 'orders:admin']],
    'Query.product': ['{ product(sku: "P-1") { sku } }', 'public'],
    'Query.products': ['{ products { edges { cursor } } }', 'public'],
    'Mutation.placeOrder': [
      'mutation { placeOrder(input: {idempotencyKey: "k", items: [{sku: "A", quantity: 1}]}) { id } }',
      ['orders:write'],
    ],
    'Mutation.confirmOrder': [
      'mutation { confirmOrder(input: {id: "ord_x"}) { id } }',
      ['orders:write', 'orders:admin'],
    ],
    'Mutation.cancelOrder': [
      'mutation { cancelOrder(input: {id: "ord_x"}) { id } }',
      ['orders:write', 'orders:admin'],
    ],
    'Mutation.updateProfile': [
      'mutation { updateProfile(input: {firstName: "A"}) { id } }',
      ['users:write', 'users:admin'],
    ],
    'User.orders': ['{ me { orders { edges { cursor } } } }', ['orders:read', 'orders:admin']],
    'Order.user': [
      '{ orders(first: 1) { edges { node { user { id } } } } }',
      ['users:read', 'users:admin'],
    ],
    'OrderItem.product': [
      '{ orders(first: 1) { edges { node { items { product { sku } } } } } }',
      'public',
    ],
  };

  it('that asks a service has a row', () => {
    const file = new URL('../../../../docs/api/schema.graphql', import.meta.url);
    const types = Object.values(buildSchema(readFileSync(file, 'utf8')).getTypeMap());
    const asking = types
      .filter((type) => isObjectType(type))
      .filter(({ name }) => !/^__|Edge$/.test(name))
      .flatMap((type) => fieldsAsking(type).map((field) => `${type.name}.${field}`));
    expect(asking.toSorted()).toEqual(Object.keys(FIELDS).toSorted());
  });

  it.each(Object.entries(FIELDS))('%s needs what REST needs', async (name, [query, access]) => {
    const nobody = await under.send({ query }, '');
    if (access === 'public') {
      if (name.startsWith('Query')) expect(nobody.body.errors).toBeUndefined();
      return;
    }
    if (!name.startsWith('Order.') && !name.startsWith('User.')) {
      expect(codes(nobody)).toEqual(['unauthenticated']);
    }
    const others = PERMISSIONS.filter((permission) => !access.includes(permission));
    const needed: Permission[] =
      name === 'User.orders' ? ['users:read'] : name === 'Order.user' ? ['orders:read'] : [];
    const answer = await under.ask(
      query,
      {},
      under.gateway.key({ permissions: [...others, ...needed] }),
    );
    expect(answer.status).toBe(200);
    expect(answer.body.errors).toMatchObject([
      { extensions: { code: 'insufficient-permission', permission: access[0], status: 403 } },
    ]);
    for (const permission of access) {
      const permissions: Permission[] = [permission, ...needed];
      expect(
        codes(await under.ask(query, {}, under.gateway.key({ permissions }))) ?? [],
      ).not.toContain('insufficient-permission');
    }
  });

  it('that is refused leaves the rest as it is', async () => {
    const { status, body } = await under.ask(
      '{ me { id orders { edges { cursor } } } products(first: 1) { edges { cursor } } }',
      {},
      under.gateway.key({ permissions: ['users:read'], userId: userId(1) }),
    );
    expect(status).toBe(200);
    expect(body.data).toEqual({
      me: { id: userId(1), orders: null },
      products: { edges: [{ cursor: 'c0' }] },
    });
    expect(body.errors).toMatchObject([
      { path: ['me', 'orders'], extensions: { code: 'insufficient-permission' } },
    ]);
  });

  it('says nothing of what went wrong on our side', async () => {
    await under.shop.serve(ConfirmOrder, () => {
      throw new Error('secret');
    });
    // No product has a name that is not there: what GraphQL itself throws is a fault of ours.
    await under.shop.serve(
      ListProducts,
      () => ({ data: [{}], nextCursor: null, cursors: ['c'] }) as never,
    );
    for (const query of [
      'mutation { confirmOrder(input: {id: "ord_x"}) { id } }',
      '{ products { edges { node { name } } } }',
    ]) {
      const answer = await under.ask(query);
      expect([answer.status, codes(answer)]).toEqual([200, ['internal']]);
      expect(JSON.stringify(answer.body)).not.toMatch(/secret|stack|node_modules|non-nullable/);
    }
  });
});
