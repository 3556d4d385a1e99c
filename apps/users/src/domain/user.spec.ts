import { newUuid } from '@flotilla/contracts/ids';
import { DEFAULT_PREFERENCES, newUser } from '@flotilla/contracts/users';
import { expect, test } from '@jest/globals';
import { changeProfile, revised, toView, type User } from './user.js';

const THEN = new Date('2026-01-02T03:04:05.678Z');
const NOW = new Date('2026-02-02T03:04:05.678Z');
const ada: User = {
  id: newUuid(),
  email: 'ada@example.com',
  profile: { firstName: 'Ada', lastName: 'Lovelace', displayName: null },
  preferences: DEFAULT_PREFERENCES,
  version: 1,
  createdAt: THEN,
  updatedAt: THEN,
};
const rename = (user: User, changes: Parameters<typeof changeProfile>[1]) =>
  revised(
    user,
    { preferences: user.preferences, profile: changeProfile(user.profile, changes) },
    NOW,
  );

test('a user is shown as who registers is answered', () => {
  const { id, email, firstName, lastName, createdAt } = toView(ada);
  expect(toView(ada)).toEqual(newUser({ id, email, firstName, lastName, createdAt }));
});

test('the name that is shown follows the others until it is chosen', () => {
  const married = rename(ada, { lastName: 'King' });
  expect(toView(married)).toMatchObject({ displayName: 'Ada King', version: 2 });
  const countess = rename(married, { displayName: 'The Countess' });
  expect(toView(rename(countess, { firstName: 'Augusta' }))).toMatchObject({
    firstName: 'Augusta',
    lastName: 'King',
    displayName: 'The Countess',
  });
});

test('a change is a version and a time, and what changes nothing is neither', () => {
  expect(rename(ada, { firstName: 'Augusta' })).toMatchObject({ version: 2, updatedAt: NOW });
  expect(rename(ada, { firstName: 'Ada' })).toBe(ada);
  expect(rename(ada, {})).toBe(ada);
});
