import { ROLES } from '@flotilla/contracts/actor';
import { newUuid } from '@flotilla/contracts/ids';
import { describe, expect, it } from '@jest/globals';
import { EmailAddress } from './email-address.js';
import {
  changeRole,
  disable,
  erase,
  isAdministrator,
  register,
  toView,
  type User,
} from './user.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const { user: ada, events: told } = register({
  id: newUuid(),
  email: EmailAddress.parse('ada@example.com'),
  passwordHash: '$argon2id$',
  firstName: 'Ada',
  lastName: 'Lovelace',
  role: 'customer',
  at: NOW,
});
const user = (changes: Partial<User>): User => ({ ...ada, ...changes });

describe('registering', () => {
  it('tells who it is, and nothing of the password', () => {
    const data = { email: ada.email, firstName: 'Ada', lastName: 'Lovelace', role: 'customer' };
    expect(told).toEqual([{ type: 'user.registered', data }]);
    expect(JSON.stringify([told, toView(ada)])).not.toContain('argon2');
  });
});

describe('another role', () => {
  it.each(ROLES.flatMap((from) => ROLES.map((to) => [from, to] as const)))(
    'from %s to %s ends what was issued before exactly when it may do less',
    (from, to) => {
      const decided = changeRole(user({ role: from }), to, 1);
      const lowered = ROLES.indexOf(to) < ROLES.indexOf(from);
      expect(decided.user).toMatchObject({ role: to, credentialVersion: lowered ? 2 : 1 });
      const event = { type: 'user.role_changed', data: { role: to } };
      expect(decided.events).toEqual(from === to ? [] : [event]);
    },
  );

  it('is refused to the last administrator, who would lock everybody out', () => {
    const last = user({ role: 'admin' });
    expect(() => changeRole(last, 'staff', 0)).toThrow(
      expect.objectContaining({ code: 'illegal-transition' }),
    );
    expect(changeRole(last, 'admin', 0).events).toEqual([]);
    expect(changeRole(user({ role: 'admin', disabledAt: NOW }), 'staff', 0).user.role).toBe(
      'staff',
    );
    expect(changeRole(user({ role: 'staff' }), 'customer', 0).user.role).toBe('customer');
  });
});

describe('disabling', () => {
  it('ends what was issued before, once', () => {
    const decided = disable(ada, 0, NOW);
    expect(decided.user).toEqual({ ...ada, credentialVersion: 2, disabledAt: NOW });
    expect(decided.events).toEqual([{ type: 'user.disabled', data: {} }]);
    expect(disable(decided.user, 0, new Date())).toEqual({ user: decided.user, events: [] });
    expect(toView(decided.user).disabled).toBe(true);
  });

  it('is refused to the last administrator', () => {
    const admin = user({ role: 'admin' });
    expect(() => disable(admin, 0, NOW)).toThrow(
      expect.objectContaining({ code: 'illegal-transition' }),
    );
    expect(isAdministrator(disable(admin, 1, NOW).user)).toBe(false);
  });
});

describe('erasing', () => {
  it('tells that it happened and nothing else, and is refused to the last administrator', () => {
    expect(erase(ada, 0)).toEqual([{ type: 'user.erased', data: {} }]);
    expect(() => erase(user({ role: 'admin' }), 0)).toThrow(
      expect.objectContaining({ code: 'illegal-transition' }),
    );
  });
});
