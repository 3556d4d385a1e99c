import { AppError, type ErrorCode, notFound } from '@flotilla/contracts/errors';
import { ChangeRole, DisableUser, EraseUser, RegisterUser } from '@flotilla/contracts/identity';
import {
  ChangeProfile,
  GetUser,
  ListUsers,
  newUser,
  type UserView,
} from '@flotilla/contracts/users';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type GatewayUnderTest, gatewayUnderTest } from '../../../test/gateway-under-test.js';

const ADA = newUser({
  id: 'usr_01h455vb4pex5vsknk084sn02q',
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  createdAt: '2026-01-02T03:04:05.678Z',
});
const REGISTRATION = {
  email: ADA.email,
  password: 'correct horse battery',
  firstName: 'Ada',
  lastName: 'Lovelace',
};
const ACCOUNT = {
  id: ADA.id,
  email: ADA.email,
  role: 'staff' as const,
  credentialVersion: 1,
  disabled: false,
  createdAt: ADA.createdAt,
};

let gateway: GatewayUnderTest;
let user: UserView;
/** What the services were asked to do, in their order. */
let done: [string, unknown][];
let refusal: AppError | undefined;

beforeAll(async () => {
  gateway = await gatewayUnderTest();
  const { services } = gateway;
  const does =
    <Request, Response>(name: string, answer: () => Response) =>
    (request: Request): Response => {
      if (refusal && name !== 'get') throw refusal;
      done.push([name, request]);
      return answer();
    };
  await services.answer(
    RegisterUser,
    does('register', () => ({ answer: user, replayed: false })),
  );
  await services.answer(GetUser, ({ userId }) => {
    if (userId !== ADA.id) throw notFound('user');
    return user;
  });
  await services.answer(
    ChangeRole,
    does('role', () => ACCOUNT),
  );
  await services.answer(
    DisableUser,
    does('disable', () => ACCOUNT),
  );
  await services.answer(
    EraseUser,
    does('erase', () => ({ id: ADA.id })),
  );
  await services.answer(
    ChangeProfile,
    does('profile', () => user),
  );
  await services.answer(
    ListUsers,
    does('list', () => ({ data: [user], nextCursor: 'c', cursors: ['c'] })),
  );
});
beforeEach(() => {
  user = ADA;
  done = [];
  refusal = undefined;
});
afterAll(() => gateway.close());

const send = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  gateway.fetch(path, {
    method,
    key: gateway.key({ userId: ADA.id }),
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
const tagOf = async (path: string) => (await send('GET', path)).headers.get('etag')!;

describe('registering', () => {
  it('needs no credential, and says where the user is', async () => {
    const response = await gateway.fetch('/api/v2/users', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
      body: JSON.stringify(REGISTRATION),
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`/api/v2/users/${ADA.id}`);
    expect(response.headers.get('etag')).toBe(await tagOf('/api/v2/users/me'));
    expect(done).toEqual([
      ['register', { idempotencyKey: 'k', registration: REGISTRATION, locale: 'en' }],
    ]);
  });

  it('is answered even while nobody makes profiles', async () => {
    user = { ...ADA, id: 'usr_01h455vb4pex5vsknk084sn02r' };
    expect((await send('POST', '/api/users', REGISTRATION)).status).toBe(201);
  });

  it.each<[ErrorCode, number]>([
    ['email-taken', 409],
    ['idempotency-key-reuse', 422],
    ['idempotency-key-in-flight', 409],
    ['unavailable', 503],
  ])('is refused with %s as %d', async (code, status) => {
    refusal = new AppError(code, 'No.');
    const response = await send('POST', '/api/users', REGISTRATION);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code, status });
  });

  it('refuses fields that there are not, such as a role', async () => {
    const response = await send('POST', '/api/users', { ...REGISTRATION, role: 'admin' });
    expect(await response.json()).toMatchObject({
      code: 'validation-failed',
      errors: [{ pointer: '/role', code: 'unknown-field' }],
    });
    expect(done).toEqual([]);
  });
});

describe('changing', () => {
  it.each([
    ['/api/v1/users/me', '/api/v1/users/me'],
    ['/api/v2/users/me', '/api/v2/users/me'],
    ['/api/v1/users/me', `/api/v1/users/${ADA.id}`],
  ])('takes the tag of %s for %s', async (seen, path) => {
    const tag = await tagOf(seen);
    const changed = await send('PATCH', path, { lastName: 'King' }, { 'if-match': tag });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, tag]);
    expect(done).toEqual([
      ['profile', { userId: ADA.id, version: 1, changes: { lastName: 'King' } }],
    ]);
  });

  it('has a tag in each version, of which one holds for its own only', async () => {
    const tag = await tagOf('/api/v1/users/me');
    expect(tag).not.toBe(await tagOf('/api/v2/users/me'));
    const headers = { 'if-match': tag };
    const refused = await send('PATCH', '/api/v2/users/me', { lastName: 'King' }, headers);
    expect([refused.status, done]).toEqual([412, []]);
  });

  it('is refused when the client has seen something else', async () => {
    const tag = await tagOf('/api/v2/users/me');
    user = { ...ADA, displayName: 'Countess' };
    for (const ifMatch of [tag, await tagOf('/api/v1/users/me')]) {
      const headers = { 'if-match': ifMatch };
      const response = await send('PATCH', '/api/v2/users/me', { lastName: 'King' }, headers);
      expect(await response.json()).toMatchObject({ code: 'precondition-failed', status: 412 });
    }
    expect(done).toEqual([]);
  });

  it('of a role comes before all else, so that its refusal leaves nothing behind', async () => {
    const path = `/api/users/${ADA.id}`;
    const tag = await tagOf(path);
    expect(
      (await send('PATCH', path, { role: 'staff', firstName: 'A' }, { 'if-match': tag })).status,
    ).toBe(200);
    expect(done).toEqual([
      ['role', { userId: ADA.id, role: 'staff' }],
      ['profile', { userId: ADA.id, changes: { firstName: 'A' } }],
    ]);

    done = [];
    refusal = new AppError('illegal-transition', 'The last one.');
    const refused = await send('PATCH', path, { role: 'staff', firstName: 'A' });
    expect(await refused.json()).toMatchObject({ code: 'illegal-transition', status: 409 });
    expect(done).toEqual([]);
  });

  it('checks all of it before it changes anything', async () => {
    for (const body of [
      { role: 'king', firstName: 'A' },
      { role: 'staff', firstName: '' },
    ]) {
      const response = await send('PATCH', `/api/users/${ADA.id}`, body);
      expect(response.status).toBe(400);
    }
    expect(done).toEqual([]);
  });
});

describe('erasing', () => {
  it.each(['/api/users/me', `/api/users/${ADA.id}`])('is begun by DELETE %s', async (path) => {
    const response = await send('DELETE', path);
    expect([response.status, await response.text()]).toEqual([202, '']);
    expect(done).toEqual([['erase', { userId: ADA.id }]]);
  });

  it('is refused when the client has seen something else, and to the last administrator', async () => {
    const stale = await send('DELETE', '/api/users/me', undefined, { 'if-match': '"stale"' });
    expect(stale.status).toBe(412);
    expect(done).toEqual([]);
    refusal = new AppError('illegal-transition', 'The last one.');
    expect((await send('DELETE', '/api/users/me')).status).toBe(409);
  });
});

describe('lists', () => {
  it('show users as the version does', async () => {
    const list = async (version: string) =>
      (await send('GET', `/api/${version}/users?email=ada@example.com&limit=3`)).json();
    expect(await list('v1')).toMatchObject({ data: [{ name: 'Ada Lovelace' }], nextCursor: 'c' });
    expect(await list('v2')).toMatchObject({ data: [{ profile: { firstName: 'Ada' } }] });
    expect(done[0]).toEqual(['list', { email: 'ada@example.com', limit: 3 }]);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'page=2'])('refuse ?%s', async (query) => {
    expect((await send('GET', `/api/users?${query}`)).status).toBe(400);
  });
});

it.each([
  ['GET', '/api/users', 'users:admin'],
  ['PATCH', `/api/users/${ADA.id}`, 'users:admin'],
  ['POST', `/api/users/${ADA.id}/disable`, 'users:admin'],
  ['DELETE', `/api/users/${ADA.id}`, 'users:admin'],
  ['DELETE', '/api/users/me', 'users:write'],
  ['GET', '/api/users/me', 'users:read'],
  ['GET', `/api/users/${ADA.id}`, 'users:read'],
  ['PATCH', '/api/users/me', 'users:write'],
  ['GET', '/api/users/me/preferences', 'users:read'],
  ['PATCH', '/api/users/me/preferences', 'users:write'],
  ['GET', '/api/users/me/addresses', 'users:read'],
  ['POST', '/api/users/me/addresses', 'users:write'],
  ['DELETE', '/api/users/me/addresses/adr_01h455vb4pex5vsknk084sn02q', 'users:write'],
])('%s %s needs %s', async (method, path, permission) => {
  const others = (['users:read', 'users:write', 'orders:admin'] as const).filter(
    (one) => one !== permission,
  );
  const response = await gateway.fetch(path, {
    method,
    key: gateway.key({ permissions: others }),
    headers: { 'content-type': 'application/json' },
    ...(method !== 'GET' && { body: '{}' }),
  });
  expect([response.status, await response.json()]).toMatchObject([
    403,
    { code: 'insufficient-permission', permission },
  ]);
});
