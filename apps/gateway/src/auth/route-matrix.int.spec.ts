import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PERMISSIONS, type Permission, ROLE_PERMISSIONS } from '@flotilla/contracts/actor';
import type { KeyRecord } from '@flotilla/contracts/api-keys';
import {
  type GatewayUnderTest,
  gatewayUnderTest,
  wellFormedKey,
} from '../../test/gateway-under-test.js';

/** Every route and who may use it: everybody, or who has one of these permissions. A route that is not here fails the first test. */
const ROUTES: Record<string, 'public' | Permission[]> = {
  'POST /api-keys': ['api-keys:write'],
  'GET /api-keys': ['api-keys:read'],
  'POST /api-keys/verify': ['api-keys:read'],
  'GET /api-keys/{id}': ['api-keys:read'],
  'PATCH /api-keys/{id}': ['api-keys:write'],
  'POST /api-keys/{id}/rotate': ['api-keys:write'],
  'GET /api-keys/{id}/usage': ['api-keys:read'],
  'DELETE /api-keys/{id}': ['api-keys:write'],
  'GET /audit-events': ['users:admin'],
  'GET /events': ['events:read'],
  'POST /inventory/import': ['inventory:write'],
  'GET /inventory/{sku}': ['inventory:read'],
  'PUT /inventory/{sku}': ['inventory:write'],
  'POST /inventory/{sku}/adjustments': ['inventory:write'],
  'GET /inventory/{sku}/explain': ['inventory:read'],
  'GET /inventory/{sku}/movements': ['inventory:read'],
  'POST /oauth-clients': ['oauth-clients:admin'],
  'GET /oauth-clients': ['oauth-clients:admin'],
  'POST /oauth-clients/initial-access-tokens': ['oauth-clients:admin'],
  'GET /oauth-clients/{id}': ['oauth-clients:admin'],
  'PATCH /oauth-clients/{id}': ['oauth-clients:admin'],
  'DELETE /oauth-clients/{id}': ['oauth-clients:admin'],
  'POST /oauth-clients/{id}/rotate-secret': ['oauth-clients:admin'],
  'POST /orders': ['orders:write'],
  'GET /orders': ['orders:read', 'orders:admin'],
  'GET /orders/{id}': ['orders:read', 'orders:admin'],
  'POST /orders/{id}/cancel': ['orders:write', 'orders:admin'],
  'POST /orders/{id}/confirm': ['orders:write', 'orders:admin'],
  'GET /orders/{id}/events': ['orders:read', 'orders:admin'],
  'POST /orders/{id}/fulfillments': ['orders:admin'],
  'POST /orders/{id}/payments': ['orders:admin'],
  'POST /orders/{id}/refunds': ['orders:admin'],
  'POST /orders/{id}/returns': ['orders:admin'],
  'POST /products': ['inventory:write'],
  'GET /products': 'public',
  'GET /products/{sku}': 'public',
  'PATCH /products/{sku}': ['inventory:write'],
  'DELETE /products/{sku}': ['inventory:write'],
  'POST /users': 'public',
  'GET /users': ['users:admin'],
  'GET /users/me': ['users:read', 'users:admin'],
  'PATCH /users/me': ['users:write', 'users:admin'],
  'DELETE /users/me': ['users:write', 'users:admin'],
  'POST /users/me/addresses': ['users:write'],
  'GET /users/me/addresses': ['users:read'],
  'GET /users/me/addresses/{id}': ['users:read'],
  'PATCH /users/me/addresses/{id}': ['users:write'],
  'DELETE /users/me/addresses/{id}': ['users:write'],
  'GET /users/me/grants': ['users:read'],
  'DELETE /users/me/grants/{id}': ['users:write'],
  'GET /users/me/preferences': ['users:read'],
  'PATCH /users/me/preferences': ['users:write'],
  'GET /users/{id}': ['users:read', 'users:admin'],
  'PATCH /users/{id}': ['users:admin'],
  'DELETE /users/{id}': ['users:admin'],
  'POST /users/{id}/disable': ['users:admin'],
  'POST /webhook-endpoints': ['webhooks:write'],
  'GET /webhook-endpoints': ['webhooks:read'],
  'GET /webhook-endpoints/{id}': ['webhooks:read'],
  'PATCH /webhook-endpoints/{id}': ['webhooks:write'],
  'DELETE /webhook-endpoints/{id}': ['webhooks:write'],
  'POST /webhook-endpoints/{id}/rotate-secret': ['webhooks:write'],
  'POST /webhook-endpoints/{id}/test': ['webhooks:write'],
  'GET /webhook-endpoints/{id}/deliveries': ['webhooks:read'],
  'POST /webhook-endpoints/{id}/deliveries/{deliveryId}/retry': ['webhooks:write'],
};

/** Routes that are in no version of the API: each field of GraphQL has a row in graphql.int.spec.ts. */
const UNVERSIONED: Record<string, 'public'> = { 'POST /graphql': 'public' };

type Answer = 'let in' | 401 | 403;

/** Who asks, with what, and what the answer to a route with that access has to be. */
interface Asker {
  record: Partial<KeyRecord> | 'nobody' | 'unknown';
  answer(access: 'public' | Permission[]): Answer;
}

const VERSIONS = ['v1', 'v2'] as const;
const by = (held: readonly Permission[]) => (access: 'public' | Permission[]) =>
  access === 'public' || access.some((permission) => held.includes(permission)) ? 'let in' : 403;
const never = (): Answer => 401;

const ASKERS: Record<string, Asker> = {
  anonymous: { record: 'nobody', answer: (access) => (access === 'public' ? 'let in' : 401) },
  customer: roleKey('customer'),
  staff: roleKey('staff'),
  admin: roleKey('admin'),
  'a test key': { record: { mode: 'test' }, answer: by(PERMISSIONS) },
  'an expired key': { record: { expiresAt: '2026-01-01T00:00:00.000Z' }, answer: never },
  'a revoked key': { record: 'unknown', answer: never },
};

function roleKey(role: keyof typeof ROLE_PERMISSIONS): Asker {
  const permissions = [...ROLE_PERMISSIONS[role]];
  return { record: { permissions }, answer: by(permissions) };
}

describe('every route', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await gatewayUnderTest();
  });
  afterAll(() => gateway.close());

  /** Whether a request gets past the guards; what comes of it behind them does not matter here. */
  async function ask(route: string, record: Asker['record']): Promise<Answer> {
    const [method, path] = route.split(' ') as [string, string];
    const key = keyOf(record);
    const prefix = route in UNVERSIONED ? '' : '/api/v2';
    const target = prefix + path.replace(/\{\w+\}/g, 'x');
    const { status } = await gateway.fetch(target, { method, key });
    return status === 401 || status === 403 ? status : 'let in';
  }

  function keyOf(record: Asker['record']): string | undefined {
    if (record === 'nobody') return undefined;
    return record === 'unknown' ? wellFormedKey() : gateway.key(record);
  }

  it('has a row', () => {
    const documented = VERSIONS.flatMap((version) => {
      const file = new URL(`../../../../docs/api/openapi-${version}.json`, import.meta.url);
      const { paths } = JSON.parse(readFileSync(file, 'utf8')) as {
        paths: Record<string, Record<string, unknown>>;
      };
      return Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      );
    });
    expect([...new Set(documented)].sort()).toEqual(Object.keys(ROUTES).sort());
  });

  it.each(Object.entries(ASKERS))('answers %s as its row says', async (_, { record, answer }) => {
    const expected: Record<string, Answer> = {};
    const actual: Record<string, Answer> = {};
    for (const [route, access] of Object.entries({ ...ROUTES, ...UNVERSIONED })) {
      expected[route] = answer(access);
      actual[route] = await ask(route, record);
    }
    expect(actual).toEqual(expected);
  });

  it('refuses a key with all permissions but its own, and names what is missing', async () => {
    for (const [route, access] of Object.entries(ROUTES)) {
      if (access === 'public') continue;
      const permissions = PERMISSIONS.filter((permission) => !access.includes(permission));
      const [method, path] = route.split(' ') as [string, string];
      const key = gateway.key({ permissions });
      const target = `/api/v2${path.replace(/\{\w+\}/g, 'x')}`;
      const response = await gateway.fetch(target, { method, key });
      expect(await response.json()).toMatchObject({
        status: 403,
        code: 'insufficient-permission',
        permission: access[0],
      });
    }
  });
});
