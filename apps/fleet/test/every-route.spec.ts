import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AddressView } from '@flotilla/contracts/addresses';
import { ROLE_PERMISSIONS } from '@flotilla/contracts/actor';
import { type ApiKeyView, CreateApiKey, type CreatedApiKey } from '@flotilla/contracts/api-keys';
import { type Id, newUuid, toId } from '@flotilla/contracts/ids';
import type { OrderView } from '@flotilla/contracts/orders';
import { eventually } from '@flotilla/testing/eventually';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import { type HttpAnswer, HttpClient } from '@flotilla/testing/http-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Operator } from '../src/operator.js';
import { placeOrder, type Problem, stockUp, verify } from './actions.js';
import { type SpanCollector, spanCollector } from './span-collector.js';

/** What the OpenAPI document says of a route. */
interface Documented {
  security?: Record<string, string[]>[];
  parameters?: { $ref?: string; name?: string }[];
}

const document = new URL('../../../docs/api/openapi-v2.json', import.meta.url);
const { paths } = JSON.parse(readFileSync(document, 'utf8')) as {
  paths: Record<string, Record<string, Documented>>;
};
const ROUTES = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, said]) => ({
    name: `${method.toUpperCase()} ${path}`,
    scopes: (said.security ?? []).flatMap(({ oauth = [] }) => oauth),
    parameters: (said.parameters ?? []).map(({ $ref, name }) => name ?? $ref!.split('/').at(-1)!),
  })),
);

/** A customer, with a key that may do all that customers may. */
interface Customer {
  id: Id<'usr'>;
  client: HttpClient;
}

let fleet: TestFleet;
let admin: HttpClient;
let operator: Operator;
let spans: SpanCollector;

beforeAll(async () => {
  spans = await spanCollector();
  fleet = await testFleet({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: spans.url, OTEL_BSP_SCHEDULE_DELAY: '200' },
  });
  admin = fleet.client;
  operator = await Operator.connect(fleet.file().natsUrl);
  await stockUp(fleet, { CUP: 100 });
}, 150_000);
afterAll(async () => {
  await operator?.close();
  await fleet?.stop();
  await spans?.close();
}, 60_000);

const PERSON = { password: 'correct horse battery', firstName: 'Ada', lastName: 'King' };
const ADDRESS = { name: 'Ada', line1: '1 Way', city: 'Bonn', postalCode: '53111', country: 'DE' };
const ENDPOINT = { url: 'http://127.0.0.1:9/hook', events: ['order.*'] };
const DELIVERY = toId('dlv', newUuid());
const EUR = (amount: number) => ({ amount, currency: 'EUR' });

async function customer(): Promise<Customer> {
  const registration = { ...PERSON, email: `${newUuid()}@example.com` };
  const { body } = await new HttpClient(fleet.file().url).post<{ id: Id<'usr'> }>(
    '/api/v2/users',
    registration,
  );
  const permissions = [...ROLE_PERMISSIONS.customer];
  const apiKey = { name: 'own', mode: 'live' as const, permissions };
  const actor = { userId: body.id, mode: 'live' as const, permissions };
  const request = { idempotencyKey: newUuid(), apiKey };
  const { answer } = await operator.call(CreateApiKey, request, actor);
  return { id: body.id, client: admin.with({ 'x-api-key': answer.key! }) };
}

describe('a route that names something by its id', () => {
  /** What somebody else asks of what is not theirs: its id, and the body. */
  const OTHERS: Record<
    string,
    [of: 'user' | 'order' | 'address' | 'key' | 'endpoint', body?: object]
  > = {
    'GET /api-keys/{id}': ['key'],
    'PATCH /api-keys/{id}': ['key', { name: 'mine' }],
    'DELETE /api-keys/{id}': ['key'],
    'POST /api-keys/{id}/rotate': ['key', { overlapSeconds: 0 }],
    'GET /api-keys/{id}/usage': ['key'],
    'GET /orders/{id}': ['order'],
    'GET /orders/{id}/events': ['order'],
    'POST /orders/{id}/cancel': ['order', {}],
    'POST /orders/{id}/confirm': ['order'],
    'GET /users/me/addresses/{id}': ['address'],
    'PATCH /users/me/addresses/{id}': ['address', { city: 'Rome' }],
    'DELETE /users/me/addresses/{id}': ['address'],
    'GET /users/{id}': ['user'],
    'GET /webhook-endpoints/{id}': ['endpoint'],
    'PATCH /webhook-endpoints/{id}': ['endpoint', { description: 'mine' }],
    'DELETE /webhook-endpoints/{id}': ['endpoint'],
    'POST /webhook-endpoints/{id}/rotate-secret': ['endpoint', { overlapSeconds: 0 }],
    'POST /webhook-endpoints/{id}/test': ['endpoint'],
    'GET /webhook-endpoints/{id}/deliveries': ['endpoint'],
    'POST /webhook-endpoints/{id}/deliveries/{deliveryId}/retry': ['endpoint'],
  };
  /** Where a row would need more than this fleet: apps/identity/src/oauth/grants.int.spec.ts. */
  const ELSEWHERE = ['DELETE /users/me/grants/{id}'];

  const open = ROUTES.filter(
    ({ name, scopes }) =>
      name.includes('{id}') &&
      scopes.some((scope) => ROLE_PERMISSIONS.customer.includes(scope as never)),
  ).map(({ name }) => name);

  it('has a row, when customers may ask it', () => {
    expect(open.toSorted()).toEqual([...Object.keys(OTHERS), ...ELSEWHERE].toSorted());
  });

  it('answers another customer as if there were no such thing, and changes nothing', async () => {
    const [owner, other] = [await customer(), await customer()];
    const items = [{ sku: 'CUP', quantity: 1 }];
    const order = (await placeOrder(owner.client, 'own', items, { holdMinutes: 60 })).body;
    const address = (await owner.client.post<AddressView>('/api/users/me/addresses', ADDRESS)).body;
    const keys = await owner.client.get<{ data: ApiKeyView[] }>('/api/api-keys');
    const endpoint = await owner.client.post<{ id: string }>('/api/webhook-endpoints', ENDPOINT);
    const owned = {
      endpoint: endpoint.body.id,
      user: owner.id,
      order: order.id,
      address: address.id,
      key: keys.body.data[0]!.id,
    };
    const look = async () => {
      const [events, kept, listed] = await Promise.all(
        [`orders/${owned.order}/events`, `users/me/addresses/${owned.address}`, 'api-keys'].map(
          async (path) => (await owner.client.get<{ data: ApiKeyView[] }>(`/api/${path}`)).body,
        ),
      );
      const own = listed!.data.map(({ name, revokedAt, expiresAt }) => [
        name,
        revokedAt,
        expiresAt,
      ]);
      return { events, kept, own };
    };
    const before = await look();
    for (const [name, [of, body]] of Object.entries(OTHERS)) {
      const [method, path] = name.split(' ') as [string, string];
      const ask = (id: string): Promise<HttpAnswer<Problem>> =>
        other.client.request(
          method,
          `/api/v2${path.replace('{id}', id).replace('{deliveryId}', DELIVERY)}`,
          {
            body,
            headers: { 'x-request-id': 'r' },
          },
        );
      const unknown = owned[of].replace(/_.*/, toId('usr', newUuid()).slice(3));
      const [answer, missing] = [await ask(owned[of]), await ask(unknown)];
      expect([name, answer.status]).toEqual([name, 404]);
      expect([name, answer.body]).toEqual([name, missing.body]);
    }
    expect(await look()).toEqual(before);
  }, 120_000);
});

describe('a route that creates something', () => {
  let paid: OrderView;
  /** Bodies that work, and what of an answer is shown once only. */
  const CREATING: Record<string, [body: () => object, secret?: string, status?: number]> = {
    'POST /api-keys': [() => ({ name: 'till', mode: 'live', permissions: ['orders:read'] }), 'key'],
    'POST /api-keys/{id}/rotate': [() => ({ overlapSeconds: 60 }), 'key'],
    'POST /inventory/{sku}/adjustments': [() => ({ delta: 5, reason: 'found' })],
    'POST /oauth-clients': [
      () => ({
        clientName: 'Robot',
        redirectUris: [],
        grantTypes: ['client_credentials'],
        scopes: ['orders:read'],
        tokenEndpointAuthMethod: 'client_secret_basic',
      }),
      'clientSecret',
    ],
    'POST /orders': [() => ({ items: [{ sku: 'CUP', quantity: 1 }] })],
    'POST /orders/{id}/payments': [() => ({ amount: EUR(1_000), reference: 'bank' })],
    'POST /orders/{id}/fulfillments': [() => ({ trackingNumber: 'T' })],
    'POST /orders/{id}/refunds': [() => ({ amount: EUR(100), reason: 'late' })],
    'POST /orders/{id}/returns': [() => ({ items: [{ sku: 'CUP', quantity: 1 }], restock: true })],
    'POST /products': [() => ({ sku: `P-${newUuid()}`, name: 'Thing', price: EUR(100) })],
    'POST /users': [() => ({ ...PERSON, email: `${newUuid()}@example.com` })],
    'POST /users/me/addresses': [() => ADDRESS],
    'POST /webhook-endpoints': [() => ENDPOINT, 'secret'],
    'POST /webhook-endpoints/{id}/rotate-secret': [() => ({ overlapSeconds: 60 }), 'secret', 200],
    'POST /webhook-endpoints/{id}/test': [() => ({}), undefined, 202],
  };

  it('has a row, when it takes an Idempotency-Key', () => {
    const creating = ROUTES.filter(({ parameters }) =>
      parameters.some((name) => name.endsWith('IdempotencyKey')),
    ).map(({ name }) => name);
    expect(creating.toSorted()).toEqual(Object.keys(CREATING).toSorted());
  });

  it('answers a repetition with the same bytes, without what is shown once, and another body not at all', async () => {
    paid = (await placeOrder(admin, 'course', [{ sku: 'CUP', quantity: 1 }])).body;
    const key = await admin.post<CreatedApiKey>('/api/api-keys', CREATING['POST /api-keys']![0]());
    const endpoint = await admin.post<{ id: string }>('/api/webhook-endpoints', ENDPOINT);
    const ids = {
      '/orders': paid.id,
      '/api-keys': key.body.id,
      '/webhook-endpoints': endpoint.body.id,
    };
    for (const [name, [bodyOf, secret, status = 201]] of Object.entries(CREATING)) {
      const template = name.replace('POST ', '');
      const id = Object.entries(ids).find(([start]) => template.startsWith(start))?.[1] ?? '';
      const url =
        fleet.file().url + `/api/v2${template.replace('{id}', id).replace('{sku}', 'CUP')}`;
      const body = bodyOf();
      const send = (sent: object) =>
        fetch(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-api-key': fleet.file().apiKey,
            'idempotency-key': `once-${name.replaceAll(/\W/g, '-')}`,
          },
          body: JSON.stringify(sent),
        });
      const first = await send(body);
      const text = await first.text();
      expect([name, first.status, first.headers.has('idempotency-replayed')]).toEqual([
        name,
        status,
        false,
      ]);
      const shown = secret && (JSON.parse(text) as Record<string, string>)[secret];
      const expected = shown ? text.replace(`"${shown}"`, 'null') : text;
      for (let again = 0; again < 2; again += 1) {
        const second = await send(body);
        expect([name, second.status, await second.text()]).toEqual([name, status, expected]);
        for (const header of ['location', 'content-location', 'etag', 'cache-control']) {
          if (secret && header === 'etag') continue;
          expect([name, second.headers.get(header)]).toEqual([name, first.headers.get(header)]);
        }
        expect(second.headers.get('idempotency-replayed')).toBe('true');
      }
      if (!CHANGED[template]) continue;
      const other = await send({ ...body, ...CHANGED[template] });
      const problem = (await other.json()) as Problem;
      expect([name, problem.code]).toEqual([name, 'idempotency-key-reuse']);
    }
  }, 120_000);

  /** What makes the body another one that is as good. */
  const CHANGED: Record<string, object> = {
    '/api-keys': { name: 'other' },
    '/api-keys/{id}/rotate': { overlapSeconds: 61 },
    '/inventory/{sku}/adjustments': { delta: 6 },
    '/oauth-clients': { clientName: 'Other' },
    '/orders': { items: [{ sku: 'CUP', quantity: 2 }] },
    '/orders/{id}/payments': { reference: 'cash' },
    '/orders/{id}/fulfillments': { trackingNumber: 'U' },
    '/orders/{id}/refunds': { reason: 'other' },
    '/orders/{id}/returns': { restock: false },
    '/products': { name: 'Other' },
    '/users': { firstName: 'Other' },
    '/users/me/addresses': { city: 'Rome' },
    '/webhook-endpoints': { description: 'other' },
    '/webhook-endpoints/{id}/rotate-secret': { overlapSeconds: 61 },
  };
});

describe('a key that was used', () => {
  it('is nowhere: in no log, trace, metric, database or store of the broker', async () => {
    const { url, apiKey, processes } = fleet.file();
    const services = processes.filter(({ service }) => service !== 'gateway');
    const apiKeyBody = { name: 'used', mode: 'live', permissions: ['orders:read'] };
    const { key } = (await admin.post<{ key: string }>('/api/api-keys', apiKeyBody)).body;
    const secret = key.slice(12);
    const typo = `${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`;
    const gateway = new HttpClient(url);
    const bearer = { authorization: `Bearer ${key}` };
    const statusOf = async (path: string, headers: Record<string, string> = {}) =>
      (await gateway.get(path, headers)).status;
    expect(await statusOf('/api/orders', bearer)).toBe(200);
    for (const [sent, status] of [
      [key, 200],
      [typo, 401],
      [`${key}=`, 401],
    ] as const) {
      expect(await statusOf('/api/orders', { 'x-api-key': sent })).toBe(status);
    }
    for (const name of ['api_key', 'apiKey', 'access_token']) {
      expect(await statusOf(`/api/orders?${name}=${key}`)).toBe(400);
    }
    expect(await statusOf(`/api/orders?limit=${key}`, bearer)).toBe(400);
    expect(await statusOf(`/api/orders/${key}`, bearer)).toBe(404);
    expect(await statusOf(`/${key}`)).toBe(404);
    await gateway.post('/api/api-keys/verify', { key }, { 'x-api-key': apiKey });
    await eventually(() => spans.received().includes('api-keys.verify-key'), { timeoutMs: 30_000 });
    const metrics = await Promise.all(
      [...services.map(({ port }) => port), metricsPort()].map(async (port) =>
        (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
      ),
    );
    expect(metrics.join('')).toContain('route="/api/orders"');
    expect(`${spans.received()}${metrics.join('')}`).not.toContain(secret);
    const found = files(fleet.directory).filter((file) => readFileSync(file).includes(secret));
    expect(found).toEqual([]);
  }, 120_000);
});

function metricsPort(): number {
  const log = readFileSync(join(fleet.directory, 'logs/gateway.log'), 'utf8').split('\n');
  const line = log.find((one) => one.includes('metrics are served'))!;
  return (JSON.parse(line) as { port: number }).port;
}

function files(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

it('and the books balance', async () => {
  expect((await verify(fleet)).document).toMatchObject({ ok: true, violations: [] });
}, 120_000);
