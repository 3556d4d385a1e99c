import { ROLE_PERMISSIONS, type Permission } from '@flotilla/contracts/actor';
import { CreateApiKey } from '@flotilla/contracts/api-keys';
import { type Id, newUuid, toId } from '@flotilla/contracts/ids';
import type { OrderView } from '@flotilla/contracts/orders';
import type { Page } from '@flotilla/contracts/pages';
import { type RunningFleet, sharedFleet } from '@flotilla/testing/fleet';
import { type HttpAnswer, HttpClient } from '@flotilla/testing/http-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Operator } from '../src/operator.js';
import { eventsOf, placeOrder, type Problem, stockOf, stockUp } from './actions.js';

const MONEY = '{ amount currency }';
const ITEMS = `items { sku name quantity unitPrice ${MONEY} total ${MONEY} }`;
const ADDRESS = 'shippingAddress { name line1 line2 city region postalCode country }';
/** All that REST shows, in its order. */
const ORDER = `id number status paymentStatus fulfillmentStatus currency ${ITEMS} total ${MONEY}
  ${ADDRESS} metadata expiresAt version createdAt updatedAt`;
const USER = `id email profile { firstName lastName displayName }
  preferences { locale currency timezone emailOrderUpdates } createdAt updatedAt`;
const PRODUCT = `sku name description price ${MONEY} attributes status available createdAt updatedAt version`;

const SKU = 'GQL-CUP';
const BODY = { items: [{ sku: SKU, quantity: 2 }], metadata: { z: 1, a: [null, 'é'] } };

interface GraphqlError {
  path: string[];
  extensions: Problem;
}
interface Answer {
  data: Record<string, unknown> | null;
  errors?: GraphqlError[];
}
interface Connection<Node> {
  edges: { node: Node; cursor: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

let fleet: RunningFleet;
let operator: Operator;
let admin: HttpClient;
let ana: Person;
let bo: Person;

interface Person {
  id: Id<'usr'>;
  client: HttpClient;
}

beforeAll(async () => {
  fleet = await sharedFleet();
  admin = fleet.client;
  operator = await Operator.connect(fleet.file().natsUrl);
  await stockUp(fleet, { [SKU]: 1_000, 'GQL-POT': 5 });
  [ana, bo] = [await person(), await person()];
}, 150_000);
afterAll(() => operator?.close());

/** A customer, with a key for these permissions. */
async function person(
  permissions: readonly Permission[] = ROLE_PERMISSIONS.customer,
): Promise<Person> {
  const { body } = await new HttpClient(fleet.file().url).post<{ id: Id<'usr'> }>('/api/v2/users', {
    email: `gql-${newUuid()}@example.com`,
    password: 'correct horse battery',
    firstName: 'Ada',
    lastName: 'King',
  });
  return { id: body.id, client: await keyFor(body.id, permissions) };
}

async function keyFor(userId: Id<'usr'>, permissions: readonly Permission[]): Promise<HttpClient> {
  const actor = { userId, mode: 'live' as const, permissions };
  const apiKey = { name: 'gql', mode: 'live' as const, permissions: [...permissions] };
  const { answer } = await operator.call(
    CreateApiKey,
    { idempotencyKey: newUuid(), apiKey },
    actor,
  );
  return admin.with({ 'x-api-key': answer.key! });
}

const ask = (client: HttpClient, query: string, variables: object = {}) =>
  client.post<Answer>('/graphql', { query, variables });

/** What a field was answered with: its data, or the problem that REST has. */
async function field(client: HttpClient, query: string, variables?: object): Promise<unknown> {
  const { status, body } = await ask(client, query, variables);
  expect([status, query]).toEqual([200, query]);
  if (!body.errors) return Object.values(body.data!)[0];
  expect(Object.values(body.data!)).toEqual([null]);
  return comparable(body.errors[0]!.extensions);
}

/** The body of an answer, or of a problem what both say alike. */
async function rest(answer: Promise<HttpAnswer<unknown>>): Promise<unknown> {
  const { status, body } = await answer;
  return status < 400 ? body : comparable(body as Problem);
}

function comparable({
  detail: _detail,
  requestId: _id,
  ...said
}: Problem & { requestId?: string }) {
  return said;
}

const place = (client: HttpClient, idempotencyKey: string, body: object = BODY) =>
  field(client, `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { ${ORDER} } }`, {
    input: { idempotencyKey, ...body },
  });
const change = (client: HttpClient, what: 'confirm' | 'cancel', id: string, more: object = {}) => {
  const name = what === 'confirm' ? 'ConfirmOrderInput' : 'CancelOrderInput';
  const mutation = `mutation ($input: ${name}!) { ${what}Order(input: $input) { ${ORDER} } }`;
  return field(client, mutation, { input: { id, ...more } });
};

describe('GraphQL and REST', () => {
  it('place one order under one key, whichever comes first, and answer it alike', async () => {
    const [one, other] = [newUuid(), newUuid()];
    const byRest = (await placeOrder(ana.client, one, BODY.items, { metadata: BODY.metadata }))
      .body;
    expect(await place(ana.client, one)).toEqual(byRest);
    const byGraphql = (await place(ana.client, other)) as OrderView;
    const again = await placeOrder(ana.client, other, BODY.items, { metadata: BODY.metadata });
    expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([byGraphql, 'true']);
    const replayed = await ask(
      ana.client,
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { id } }',
      { input: { idempotencyKey: other, ...BODY } },
    );
    expect(replayed.headers.get('idempotency-replayed')).toBe('true');
    expect(await eventsOf(ana.client, byGraphql.id)).toHaveLength(1);
  });

  it('have the same effect on stock, and the same course of an order', async () => {
    const before = (await stockOf(admin, SKU)).available;
    const held = { ...BODY, holdMinutes: 5 };
    const order = (await place(ana.client, newUuid(), held)) as OrderView;
    expect([order.status, (await stockOf(admin, SKU)).available]).toEqual(['pending', before - 2]);
    const confirmed = await change(ana.client, 'confirm', order.id);
    expect(confirmed).toEqual(await rest(ana.client.post(`/api/orders/${order.id}/confirm`, {})));
    const cancelled = await change(ana.client, 'cancel', order.id, { reason: 'late' });
    expect(cancelled).toMatchObject({ status: 'cancelled' });
    expect(cancelled).toEqual(await rest(ana.client.get(`/api/orders/${order.id}`)));
    expect((await eventsOf(ana.client, order.id)).at(-1)).toMatchObject({
      type: 'order.cancelled',
      data: { reason: 'late' },
    });
    const refused = await change(ana.client, 'confirm', order.id);
    expect(refused).toMatchObject({ code: 'illegal-transition', status: 409 });
    expect(refused).toEqual(await rest(ana.client.post(`/api/orders/${order.id}/confirm`, {})));
  });

  it.each([
    ['too much', { items: [{ sku: 'GQL-POT', quantity: 6 }] }, 'insufficient-stock'],
    ['what there is not', { items: [{ sku: 'GQL-NONE', quantity: 1 }] }, 'unknown-sku'],
    ['nothing of it', { items: [{ sku: SKU, quantity: 0 }] }, 'validation-failed'],
    ['nothing', { items: [] }, 'validation-failed'],
    ['for too long', { ...BODY, holdMinutes: 1_441 }, 'validation-failed'],
  ])('refuse alike to order %s', async (_, body, code) => {
    const key = newUuid();
    const refused = await place(ana.client, key, body);
    expect(refused).toMatchObject({ code });
    const headers = { 'idempotency-key': key };
    expect(refused).toEqual(await rest(ana.client.post('/api/orders', body, headers)));
  });

  it('refuse alike a key of another order, one that is none, and none', async () => {
    const key = newUuid();
    await place(ana.client, key);
    for (const [used, body] of [
      [key, { items: [{ sku: SKU, quantity: 3 }] }],
      ['a b', BODY],
      ['', BODY],
    ] as const) {
      const headers = { 'idempotency-key': used };
      expect(await place(ana.client, used, body)).toEqual(
        await rest(ana.client.post('/api/orders', body, headers)),
      );
    }
  });

  it('show the same of an order, a user and a product', async () => {
    const { id } = (await place(ana.client, newUuid())) as OrderView;
    for (const [query, path] of [
      [`{ order(id: "${id}") { ${ORDER} } }`, `orders/${id}`],
      [`{ me { ${USER} } }`, 'users/me'],
      [`{ user(id: "${ana.id}") { ${USER} } }`, `users/${ana.id}`],
      [`{ product(sku: "gql-cup") { ${PRODUCT} } }`, 'products/gql-cup'],
    ] as const) {
      expect(await field(ana.client, query)).toEqual(await rest(ana.client.get(`/api/v2/${path}`)));
    }
  });

  it('show the same lists, page by page, from whichever edge', async () => {
    for (let count = 0; count < 3; count += 1) await place(bo.client, newUuid());
    for (const [name, fields, client] of [
      ['orders', ORDER, bo.client],
      ['users', USER, admin],
      ['products', PRODUCT, admin],
    ] as const) {
      const connection = (args: string) =>
        field(
          client,
          `{ ${name}(${args}) { edges { cursor node { ${fields} } } pageInfo { hasNextPage endCursor } } }`,
        ) as Promise<Connection<unknown>>;
      const { data } = (await client.get<Page<unknown>>(`/api/v2/${name}?limit=3`)).body;
      const all = await connection('first: 3');
      expect(all.edges.map(({ node }) => node)).toEqual(data);
      expect(all.pageInfo.endCursor).toBe(all.edges.at(-1)!.cursor);
      const rest = await connection(`first: 2, after: "${all.edges[0]!.cursor}"`);
      expect(rest.edges.map(({ node }) => node)).toEqual(data.slice(1));
    }
    const mine = await field(
      bo.client,
      `{ me { orders(first: 3) { edges { node { ${ORDER} user { id } } } } } }`,
    );
    const { data } = (await bo.client.get<Page<OrderView>>('/api/v2/orders?limit=3')).body;
    const nodes = data.map((order) => ({ node: { ...order, user: { id: bo.id } } }));
    expect(mine).toEqual({ orders: { edges: nodes } });
  });

  it('filter alike, and refuse alike what is no page of a list', async () => {
    const status = { status: 'cancelled' };
    const { data } = (
      await ana.client.get<Page<OrderView>>(
        `/api/v2/orders?${new URLSearchParams(status).toString()}`,
      )
    ).body;
    const found = await field(
      ana.client,
      `{ orders(status: cancelled) { edges { node { ${ORDER} } } } }`,
    );
    expect(found).toEqual({ edges: data.map((node) => ({ node })) });
    for (const [args, query] of [
      ['first: 0', 'limit=0'],
      ['first: 101', 'limit=101'],
      ['after: "x"', 'cursor=x'],
    ] as const) {
      const refused = (await field(
        ana.client,
        `{ orders(${args}) { edges { cursor } } }`,
      )) as Problem;
      const problem = (await rest(ana.client.get(`/api/v2/orders?${query}`))) as Problem;
      const [[error], [expected]] = [refused.errors!, problem.errors!];
      expect([refused.code, error!.code]).toEqual([problem.code, expected!.code]);
      expect(error!.pointer).toBe(`/${args.split(':', 1)[0]!}`);
    }
  });

  it('change a profile alike', async () => {
    const mutation = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { ${USER} } }`;
    const changed = await field(ana.client, mutation, { input: { displayName: 'Countess' } });
    expect(changed).toMatchObject({ profile: { firstName: 'Ada', displayName: 'Countess' } });
    expect(changed).toEqual(await rest(ana.client.get('/api/v2/users/me')));
    for (const input of [{ firstName: ' ' }, { firstName: null }, { lastName: 'x'.repeat(101) }]) {
      const refused = await field(ana.client, mutation, { input });
      expect(refused).toMatchObject({ code: 'validation-failed' });
      expect(refused).toEqual(
        await rest(ana.client.request('PATCH', '/api/v2/users/me', { body: input })),
      );
    }
  });

  it('answer alike what is somebody else’s, and what there is not', async () => {
    const { id } = (await place(ana.client, newUuid())) as OrderView;
    const unknown = toId('ord', newUuid());
    for (const [mine, path] of [id, unknown, 'ord_x'].flatMap((order) => [
      [() => field(bo.client, `{ order(id: "${order}") { id } }`), `GET /orders/${order}`] as const,
      [() => change(bo.client, 'confirm', order), `POST /orders/${order}/confirm`] as const,
      [() => change(bo.client, 'cancel', order), `POST /orders/${order}/cancel`] as const,
    ])) {
      const [method, address] = path.split(' ') as [string, string];
      const body = method === 'POST' ? {} : undefined;
      const problem = await rest(bo.client.request(method, `/api/v2${address}`, { body }));
      expect(problem).toMatchObject({ code: 'not-found' });
      expect([path, await mine()]).toEqual([path, problem]);
    }
    for (const user of [ana.id, toId('usr', newUuid()), 'usr_x']) {
      expect(await field(bo.client, `{ user(id: "${user}") { id } }`)).toEqual(
        await rest(bo.client.get(`/api/v2/users/${user}`)),
      );
    }
    expect(await field(bo.client, '{ product(sku: "no/sku") { sku } }')).toEqual(
      await rest(bo.client.get('/api/v2/products/no%2Fsku')),
    );
    expect(await eventsOf(ana.client, id)).toHaveLength(1);
  });

  it('let in alike, and name what is missing alike', async () => {
    const none = await keyFor(ana.id, ['webhooks:read']);
    const headers = { 'idempotency-key': 'k' };
    const id = 'ord_x';
    for (const [graphql, answer] of [
      [field(none, '{ me { id } }'), none.get('/api/v2/users/me')],
      [field(none, '{ orders { edges { cursor } } }'), none.get('/api/v2/orders')],
      [field(ana.client, '{ users { edges { cursor } } }'), ana.client.get('/api/v2/users')],
      [place(none, 'k'), none.post('/api/v2/orders', BODY, headers)],
      [change(none, 'confirm', id), none.post(`/api/v2/orders/${id}/confirm`, {})],
      [change(none, 'cancel', id), none.post(`/api/v2/orders/${id}/cancel`, {})],
    ] as const) {
      const problem = await rest(answer);
      expect(problem).toMatchObject({ code: 'insufficient-permission' });
      expect(await graphql).toEqual(problem);
    }
    const nobody = new HttpClient(fleet.file().url);
    expect(await field(nobody, '{ me { id } }')).toEqual(
      await rest(nobody.get('/api/v2/users/me')),
    );
    const { status, body } = await ask(nobody.with({ 'x-api-key': 'sk_live_x' }), '{ me { id } }');
    expect([status, body]).toMatchObject([401, { code: 'unauthenticated' }]);
  });

  it('keep test mode a world of its own', async () => {
    const name = { name: 'gql', mode: 'test', permissions: ['orders:read'] };
    const { body } = await admin.post<{ key: string }>('/api/api-keys', name);
    const inTest = admin.with({ 'x-api-key': body.key });
    expect(await field(inTest, `{ product(sku: "${SKU}") { sku } }`)).toMatchObject({
      code: 'not-found',
    });
    expect(await field(inTest, '{ orders { edges { cursor } } }')).toEqual({ edges: [] });
  });
});
