import type { Actor } from '@flotilla/contracts/actor';
import { notFound } from '@flotilla/contracts/errors';
import { toUuid } from '@flotilla/contracts/ids';

/** Whether the actor may see and change every user. */
export function seesAllUsers(actor: Actor): boolean {
  return actor.permissions.includes('users:admin');
}

/**
 * The uuid of a user, for those who may see that one.
 * @throws AppError `not-found` for others, as for a user that there never was
 */
export function userFor(actor: Actor, userId: string): string {
  const id = toUuid('usr', userId);
  if (userId !== actor.userId && !seesAllUsers(actor)) throw notFound('user');
  return id;
}
