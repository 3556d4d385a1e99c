import type { Permission } from '@flotilla/contracts/actor';
import { PlaceOrder } from '@flotilla/contracts/orders';
import { ListProducts } from '@flotilla/contracts/products';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { codes, GraphqlUnderTest } from '../../test/graphql-under-test.js';
import { ORDER } from '../../test/order.js';
import { userId } from '../../test/shop-stand-in.js';

let under: GraphqlUnderTest;

beforeAll(async () => {
  under = await GraphqlUnderTest.start();
});
afterAll(() => under.close());
beforeEach(() => {
  under.shop.calls = [];
});

const FIFTY = `{ orders(first: 50) { edges { cursor node {
  id user { id email } items { quantity product { sku available } } } } pageInfo { hasNextPage endCursor } } }`;

describe('a query', () => {
  it('for 50 orders with their users, items and products asks once for each', async () => {
    const { status, body } = await under.ask(FIFTY);
    expect([status, body.errors]).toEqual([200, undefined]);
    expect(under.shop.counts()).toEqual({
      'orders.list-orders.v1': 1,
      'orders.find-many.v1': 1,
      'users.find-many.v1': 1,
      'inventory.find-products.v1': 1,
    });
    const { edges, pageInfo } = body.data!.orders as {
      edges: { cursor: string; node: Record<string, unknown> }[];
      pageInfo: unknown;
    };
    expect(edges).toHaveLength(50);
    expect(edges[6]).toMatchObject({
      cursor: 'c6',
      node: {
        user: { id: userId(7), email: 'u7@example.com' },
        items: [{ product: { sku: 'P-7-A', available: 3 } }, { product: { sku: 'P-7-B' } }],
      },
    });
    expect(pageInfo).toEqual({ hasNextPage: true, endCursor: 'c49' });
  });

  it('of who sees their own orders only asks nobody whose they are', async () => {
    const permissions: Permission[] = ['orders:read', 'users:read'];
    const { body } = await under.ask(
      FIFTY,
      {},
      under.gateway.key({ permissions, userId: userId(1) }),
    );
    expect(body.errors).toBeUndefined();
    expect(under.shop.counts()).toEqual({
      'orders.list-orders.v1': 1,
      'users.get-user.v1': 1,
      'inventory.find-products.v1': 1,
    });
  });

  it('for a page of users with the orders of each, twice over, asks once for each', async () => {
    const { body } = await under.ask(`{ users(first: 40) { edges { node { id
      orders(first: 2) { edges { node { user { id } items { product { sku } } } } }
      pending: orders(status: pending) { edges { node { id } } } } } } }`);
    expect(body.errors).toBeUndefined();
    expect(under.shop.counts()).toEqual({
      'users.list-users.v1': 1,
      'orders.list-user-orders.v1': 1,
      'users.find-many.v1': 1,
      'inventory.find-products.v1': 1,
    });
  });

  it('by ids asks once for all of a kind', async () => {
    const ids = [1, 2, 3].map((index) => `u${index}: user(id: "${userId(index)}") { email }`);
    const skus = ['P-1', 'p-1', 'P-2', 'X-1'].map(
      (sku, index) => `p${index}: product(sku: "${sku}") { sku }`,
    );
    const answer = await under.ask(`{ ${ids.join(' ')} ${skus.join(' ')} }`);
    expect(under.shop.counts()).toEqual({
      'users.find-many.v1': 1,
      'inventory.find-products.v1': 1,
    });
    expect(answer.body.data).toMatchObject({
      u3: { email: 'u3@example.com' },
      p1: { sku: 'P-1' },
      p3: null,
    });
    expect(answer.body.errors).toMatchObject([{ path: ['p3'], extensions: { code: 'not-found' } }]);
  });

  it('sees nothing of what another loads at the same time', async () => {
    const one = under.gateway.key({ userId: userId(1) });
    const other = under.gateway.key({ userId: userId(2) });
    const answers = await Promise.all(
      [one, other].map((key) => under.ask('{ me { id } }', {}, key)),
    );
    expect(answers.map(({ body }) => body.data!.me)).toEqual([
      { id: userId(1) },
      { id: userId(2) },
    ]);
    expect(under.shop.calls.map(({ actor }) => actor?.userId).toSorted()).toEqual([
      userId(1),
      userId(2),
    ]);
  });
});

describe('a request', () => {
  it('is JSON that is posted: nothing a page of somebody else could send', async () => {
    const form = { 'content-type': 'text/plain' };
    expect((await under.send({ query: '{ me { id } }' }, under.key, form)).status).toBe(415);
    const got = await under.gateway.fetch('/graphql?query={me{id}}', { key: under.key });
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'OPTIONS, POST']);
  });

  it('with a credential that is no good is refused as everywhere', async () => {
    const { status, body } = await under.send(
      { query: '{ products { edges { cursor } } }' },
      'sk_live_x',
    );
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
  });

  it('ignores versions, and says nothing of them', async () => {
    const { status, headers } = await under.send({ query: '{ me { id } }' }, under.key, {
      'api-version': '9',
    });
    expect([status, headers.get('api-version'), headers.get('deprecation')]).toEqual([
      200,
      null,
      null,
    ]);
  });

  it('is answered in the media type of GraphQL, when it takes that', async () => {
    const accept = { accept: 'application/graphql-response+json' };
    const { headers } = await under.send({ query: '{ me { id } }' }, under.key, accept);
    expect(headers.get('content-type')).toMatch(/^application\/graphql-response\+json/);
  });

  it.each([
    ['an unknown field', { query: '{ me { secret } }' }],
    ['no operation', { query: '' }],
    ['bad syntax', { query: '{' }],
    ['an operation that is not there', { query: 'query a { me { id } }', operationName: 'b' }],
    ['a subscription', { query: 'subscription { me { id } }' }],
    [
      'a variable of another type',
      { query: 'query ($id: ID!) { user(id: $id) { id } }', variables: { id: {} } },
    ],
    ['a literal that cannot be stored', { query: String.raw`{ user(id: "\u0000") { id } }` }],
  ])('with %s is refused by GraphQL', async (_, body) => {
    const answer = await under.send(body);
    expect([answer.status, answer.body.data]).toEqual([400, undefined]);
    expect(new Set(codes(answer))).toEqual(new Set(['validation-failed']));
    expect(under.shop.calls).toEqual([]);
  });

  it.each([
    ['a body of another shape', { query: 1 }],
    ['a field that there is not', { query: '{ me { id } }', queries: [] }],
    ['NUL in a variable', { query: '{ me { id } }', variables: { a: ['\0'] } }],
    ['half a character in a variable', '{"query":"{ me { id } }","variables":{"a":"\\ud800"}}'],
    ['__proto__ in a variable', '{"query":"{ me { id } }","variables":{"a":{"__proto__":1}}}'],
  ])('with %s is refused as everywhere', async (_, body) => {
    const answer = await under.send(body);
    expect([answer.status, answer.body.code]).toEqual([400, 'validation-failed']);
    expect(under.shop.calls).toEqual([]);
  });

  it('hands on the data of a client as it came, whatever its members are called', async () => {
    const metadata = { constructor: { prototype: 1 }, toString: 'x', nested: [{ a: null }] };
    let seen: unknown;
    await under.shop.serve(PlaceOrder, ({ order }) => {
      seen = order;
      return { order: ORDER, replayed: true };
    });
    const input = { idempotencyKey: 'k', items: [{ sku: 'A', quantity: 1 }], metadata };
    const { headers, body } = await under.ask(
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { id metadata } }',
      { input },
    );
    expect(body.errors).toBeUndefined();
    expect(seen).toEqual({ items: input.items, metadata });
    expect(headers.get('idempotency-replayed')).toBe('true');
    expect(body.data!.placeOrder).toMatchObject({ metadata: ORDER.metadata });
  });

  it('has the fields of its input checked as REST does', async () => {
    const input = { idempotencyKey: 'k', items: [{ sku: 'A', quantity: 0 }] };
    const answer = await under.ask(
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { id } }',
      { input },
    );
    const rest = await under.gateway.fetch('/api/orders', {
      method: 'POST',
      key: under.key,
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
      body: JSON.stringify({ items: input.items }),
    });
    const problem = (await rest.json()) as Record<string, unknown>;
    expect(answer.body.errors![0]!.extensions).toMatchObject({
      code: problem.code,
      status: problem.status,
      type: problem.type,
      errors: problem.errors,
    });
  });

  it('sees the world of its key', async () => {
    const modes: string[] = [];
    await under.shop.serve(ListProducts, ({ mode }) => {
      modes.push(mode);
      return { data: [], nextCursor: null, cursors: [] };
    });
    await under.ask('{ products { edges { cursor } } }', {}, under.gateway.key({ mode: 'test' }));
    expect(modes).toContain('test');
  });
});

describe('a gateway that keeps its schema to itself', () => {
  let closed: GraphqlUnderTest;
  beforeAll(async () => {
    closed = await GraphqlUnderTest.start({ GRAPHQL_INTROSPECTION: 'false' });
  });
  afterAll(() => closed.close());

  it('tells nothing of it, nor helps to guess', async () => {
    for (const [query, variables] of [
      [getIntrospectionQuery()],
      ['{ __type(name: "User") { name } }'],
      ['{ me { emai } }'],
      ['{ orders(status: pendin) { edges { cursor } } }'],
      [
        'query ($status: OrderStatus) { orders(status: $status) { edges { cursor } } }',
        { status: 'pendin' },
      ],
    ] as const) {
      const { status, body } = await closed.ask(query, variables);
      expect(status).toBe(400);
      expect(JSON.stringify(body)).not.toContain('Did you mean');
    }
  });
});
