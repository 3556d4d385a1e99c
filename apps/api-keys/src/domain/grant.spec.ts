import { describe, expect, it } from '@jest/globals';
import { type Actor, PERMISSIONS } from '@flotilla/contracts/actor';
import { toId } from '@flotilla/contracts/ids';
import { assertMayGrant, assertNoLooser } from './grant.js';

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

describe('a key that is restricted', () => {
  const customer: Actor = { ...actor, permissions: ['api-keys:write'] };
  const own = {
    rateLimit: { limit: 10, windowSeconds: 60 },
    quota: { limit: 100, interval: 'month' as const },
    allowedIps: ['203.0.113.0/24', '2001:db8::/32'],
    expiresAt: new Date('2026-06-01T00:00:00Z'),
  };
  const free = { rateLimit: null, quota: null, allowedIps: null, expiresAt: null };

  it.each([
    { ...own },
    {},
    { rateLimit: { limit: 1, windowSeconds: 6 } },
    { quota: { limit: 99, interval: 'month' as const } },
    { allowedIps: ['203.0.113.128/25', '2001:db8:7::/48', '203.0.113.9/32'] },
    { expiresAt: new Date('2026-05-31T00:00:00Z') },
  ])('gives others and itself as little or less: %j', (asked) => {
    expect(() => assertNoLooser(customer, 'customer', own, asked)).not.toThrow();
  });

  it.each([
    { rateLimit: { limit: 11, windowSeconds: 60 } },
    { rateLimit: null },
    { quota: { limit: 101, interval: 'month' as const } },
    { quota: { limit: 100, interval: 'day' as const } },
    { quota: null },
    { allowedIps: ['203.0.113.0/24', '203.0.112.0/24'] },
    { allowedIps: ['203.0.112.0/23'] },
    { allowedIps: ['::/0'] },
    { allowedIps: null },
    { expiresAt: new Date('2026-06-01T00:00:01Z') },
    { expiresAt: null },
  ])('gives nobody more than it has: %j', (asked) => {
    expect(() => assertNoLooser(customer, 'customer', own, asked)).toThrow(
      refused('api-keys:write'),
    );
    expect(() => assertNoLooser(customer, 'customer', free, asked)).not.toThrow();
  });

  it('sets any rate for a holder of users:admin, as the contract has it, and nothing else', () => {
    expect(() => assertNoLooser(actor, 'admin', own, { rateLimit: null })).not.toThrow();
    expect(() => assertNoLooser(actor, 'admin', own, { expiresAt: null })).toThrow();
  });
});
