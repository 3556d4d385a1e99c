import { CreateApiKey } from '@flotilla/contracts/api-keys';
import type { AddressView } from '@flotilla/contracts/addresses';
import type { AuditEventView } from '@flotilla/contracts/audit';
import { newUuid } from '@flotilla/contracts/ids';
import type { OrderView } from '@flotilla/contracts/orders';
import type { Page } from '@flotilla/contracts/pages';
import type { Preferences } from '@flotilla/contracts/users';
import { eventually } from '@flotilla/testing/eventually';
import { type RunningFleet, sharedFleet } from '@flotilla/testing/fleet';
import { type HttpAnswer, HttpClient } from '@flotilla/testing/http-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as openid from 'openid-client';
import { Operator } from '../src/operator.js';
import { STATEFUL_SERVICES } from '../src/services.js';
import { placeOrder, type Problem, rows, stockUp, verify } from './actions.js';
import { Person } from './oauth/person.js';
import { registerClient } from './oauth/registered-client.js';
import { signIn } from './oauth/signed-in.js';

interface UserV2 {
  id: `usr_${string}`;
  email: string;
  profile: { firstName: string; lastName: string; displayName: string };
  preferences: Preferences;
}

const SHIPPING = {
  name: 'Ada Unmistakable',
  line1: '12 St James’s Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
};

let fleet: RunningFleet;
let admin: HttpClient;
let operator: Operator;
let people = 0;

beforeAll(async () => {
  fleet = await sharedFleet();
  admin = fleet.client;
  operator = await Operator.connect(fleet.file().natsUrl);
}, 150_000);
afterAll(() => operator?.close());

const registration = () => ({
  email: `person-${(people += 1)}@unmistakable.example`,
  password: 'correct horse battery',
  firstName: 'Ada',
  lastName: 'Unmistakable',
});

function register<Answer = UserV2>(
  body: object = registration(),
  headers: Record<string, string> = {},
): Promise<HttpAnswer<Answer>> {
  return new HttpClient(fleet.file().url).post<Answer>('/api/v2/users', body, headers);
}

/** A client that speaks for a user, by a key that an operator has made. */
async function speakingFor({ id }: UserV2): Promise<HttpClient> {
  const permissions = ['users:read', 'users:write', 'orders:read', 'orders:write'] as const;
  const apiKey = { name: 'own', mode: 'live' as const, permissions: [...permissions] };
  const actor = { userId: id, mode: 'live' as const, permissions };
  const request = { idempotencyKey: newUuid(), apiKey };
  const { answer } = await operator.call(CreateApiKey, request, actor);
  return admin.with({ 'x-api-key': answer.key! });
}

describe('from a registration to its end', () => {
  it('is there from the moment it is answered, in each version', async () => {
    const { status, headers, body: user } = await register();
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/v2/users/${user.id}`);
    const me = await speakingFor(user);
    const [v1, v2] = [await me.get('/api/v1/users/me'), await me.get('/api/v2/users/me')];
    expect(v2.body).toEqual(user);
    expect(v1.body).toMatchObject({ id: user.id, email: user.email, name: 'Ada Unmistakable' });
    const found = await admin.get<{ data: UserV2[] }>(`/api/v2/users?email=${user.email}`);
    expect(found.body.data).toEqual([user]);
  });

  it('refuses a taken address and a common password, and writes nothing', async () => {
    const taken = registration();
    await register(taken);
    const users = () => rows(fleet, 'identity', 'SELECT 1 FROM events');
    const before = await users();
    const again = await register<Problem>({ ...taken, email: taken.email.toUpperCase() });
    expect([again.status, again.body.code]).toEqual([409, 'email-taken']);
    const common = await register<Problem>({ ...registration(), password: 'Password123' });
    expect([common.status, common.body.errors![0]!.pointer]).toEqual([400, '/password']);
    expect(await users()).toEqual(before);
  });

  it('changes what a user says, guarded by the tag', async () => {
    const me = await speakingFor((await register()).body);
    const seen = (await me.get('/api/v2/users/me')).headers.get('etag')!;
    const patch = (body: object) =>
      me.request<UserV2>('PATCH', '/api/v2/users/me', { body, headers: { 'if-match': seen } });
    expect((await patch({ lastName: 'King' })).body.profile.displayName).toBe('Ada King');
    expect((await patch({ lastName: 'Byron' })).status).toBe(412);
    const preferences = await me.request<Preferences>('PATCH', '/api/users/me/preferences', {
      body: { currency: 'GBP', timezone: 'Europe/London' },
    });
    expect(preferences.body).toMatchObject({ currency: 'GBP', timezone: 'Europe/London' });
    const added = await me.post<AddressView>('/api/users/me/addresses', SHIPPING);
    expect(added.status).toBe(201);
    const path = `/api/users/me/addresses/${added.body.id}`;
    expect((await me.get(path)).body).toEqual(added.body);
    expect((await me.request('DELETE', path)).status).toBe(204);
    expect((await me.get(path)).status).toBe(404);
  });

  it('stops speaking for who is disabled, before that is answered', async () => {
    const user = (await register()).body;
    const me = await speakingFor(user);
    expect((await me.get('/api/users/me')).status).toBe(200);
    expect((await admin.post(`/api/users/${user.id}/disable`, undefined)).status).toBe(200);
    expect((await me.get('/api/users/me')).status).toBe(401);

    const trail = await admin.get<Page<AuditEventView>>(`/api/audit-events?userId=${user.id}`);
    expect(trail.body.data.map(({ type }) => type)).toEqual([
      'account.disabled',
      'account.registered',
    ]);
    expect(trail.body.data[0]).toMatchObject({
      outcome: 'success',
      actor: expect.stringMatching(/^usr_/),
      address: '127.0.0.1',
      details: { keyId: expect.stringMatching(/^key_/) },
    });
    const pages = await admin.get<Page<AuditEventView>>('/api/audit-events?limit=1');
    const next = `/api/audit-events?limit=1&cursor=${pages.body.nextCursor}`;
    const second = await admin.get<Page<AuditEventView>>(next);
    expect(second.body.data[0]!.id).not.toBe(pages.body.data[0]!.id);
    expect((await me.get('/api/audit-events')).status).toBe(401);
  });

  it('who is disabled is signed in nowhere any more: no token, no refresh', async () => {
    const { url } = fleet.file();
    const person = await Person.register(url);
    const client = await registerClient(admin);
    const given = await signIn(url, person, client, 'openid offline_access orders:read');
    const authorization = `Bearer ${given.accessToken}`;
    const orders = () => new HttpClient(url, { authorization }).get('/api/orders');
    expect((await orders()).status).toBe(200);

    expect((await admin.post(`/api/users/${person.id}/disable`, undefined)).status).toBe(200);
    expect((await orders()).status).toBe(401);
    await expect(openid.refreshTokenGrant(given.config, given.refreshToken)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('ends without a trace of the person, and with the number of the order', async () => {
    await stockUp(fleet, { KEEPSAKE: 5 });
    const given = registration();
    const user = (await register(given)).body;
    const me = await speakingFor(user);
    await me.post('/api/users/me/addresses', SHIPPING);
    const more = { shippingAddress: SHIPPING, metadata: { gift: 'for Unmistakable' } };
    const order = (await placeOrder(me, 'keepsake', [{ sku: 'KEEPSAKE', quantity: 1 }], more)).body;

    expect((await me.request('DELETE', '/api/users/me')).status).toBe(202);
    expect((await me.get('/api/users/me')).status).toBe(401);
    await eventually(
      async () => {
        const kept = await admin.get<OrderView>(`/api/orders/${order.id}`);
        expect(kept.body).toEqual({ ...order, shippingAddress: null, metadata: {} });
        for (const service of STATEFUL_SERVICES) {
          expect([service, await tracesOf(service, given.email)]).toEqual([service, []]);
        }
      },
      { timeoutMs: 20_000, everyMs: 250 },
    );
    expect((await admin.get(`/api/users/${user.id}`)).status).toBe(404);
    expect((await register(given)).status).toBe(201);

    const { code, document } = await verify(fleet);
    expect([code, document.violations]).toEqual([0, []]);
    expect(document.checked['erasedUsers']).toBe(1);
  });
});

/** Tables of a service with a row that has the address in it, or what the order said of the person. */
async function tracesOf(service: string, email: string): Promise<string[]> {
  const tables = await rows<{ name: string }>(
    fleet,
    service,
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const text = `SELECT 1 FROM ${name} AS row WHERE row::text ~ '${email}|for Unmistakable'`;
    if ((await rows(fleet, service, text)).length > 0) found.push(name);
  }
  return found;
}
