import { describe, expect, it } from '@jest/globals';
import { type Actor, PERMISSIONS } from '@flotilla/contracts/actor';
import { toId } from '@flotilla/contracts/ids';
import { assertMayGrant } from './grant.js';

const actor: Actor = {
  userId: toId('usr', '01900000-0000-7000-8000-000000000001'),
  mode: 'live',
  permissions: ['orders:read', 'api-keys:write', 'users:admin'],
};
const refused = (permission: string) =>
  expect.objectContaining({ code: 'insufficient-permission', details: { permission } });

describe('granting a key', () => {
  it('gives what the caller has', () => {
    expect(() =>
      assertMayGrant(actor, 'admin', { mode: 'live', permissions: ['orders:read', 'users:admin'] }),
    ).not.toThrow();
    expect(() =>
      assertMayGrant({ ...actor, permissions: PERMISSIONS }, 'admin', {
        mode: 'test',
        permissions: [...PERMISSIONS],
      }),
    ).not.toThrow();
  });

  it('names the first permission that the caller lacks', () => {
    expect(() =>
      assertMayGrant(actor, 'admin', {
        mode: 'live',
        permissions: ['orders:read', 'orders:write', 'events:read'],
      }),
    ).toThrow(refused('orders:write'));
  });

  it.each([
    [600, 60],
    [10, 1],
    [36_000, 3_600],
  ])('lets anybody limit it to %i in %i s, which all have', (limit, windowSeconds) => {
    const customer = { ...actor, permissions: ['orders:read' as const] };
    const rateLimit = { limit, windowSeconds };
    expect(() =>
      assertMayGrant(customer, 'customer', { mode: 'live', permissions: [], rateLimit }),
    ).not.toThrow();
  });

  it.each([
    [601, 60],
    [11, 1],
    [10_000_000, 60],
  ])('lets only holders of users:admin allow it %i in %i s', (limit, windowSeconds) => {
    const asked = { mode: 'live' as const, permissions: [], rateLimit: { limit, windowSeconds } };
    const customer = { ...actor, permissions: ['orders:read' as const] };
    expect(() => assertMayGrant(customer, 'admin', asked)).toThrow(refused('users:admin'));
    expect(() => assertMayGrant(actor, 'customer', asked)).toThrow(refused('users:admin'));
    expect(() => assertMayGrant(actor, 'admin', asked)).not.toThrow();
  });

  it('gives nothing that the role forbids, whatever the token carries', () => {
    expect(() =>
      assertMayGrant(actor, 'customer', { mode: 'live', permissions: ['users:admin'] }),
    ).toThrow(refused('users:admin'));
  });

  it('lets nobody out of the test world', () => {
    const asked = { mode: 'live', permissions: ['orders:read'] } as const;
    expect(() => assertMayGrant({ ...actor, mode: 'test' }, 'admin', asked)).toThrow(
      refused('api-keys:write'),
    );
  });
});
