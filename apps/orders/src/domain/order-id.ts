import { type Actor, principalOf } from '@flotilla/contracts/actor';
import { deriveUuid, type Id, toId } from '@flotilla/contracts/ids';

/** The order that a user's idempotency key leads to: every attempt under the key is an attempt at this one. */
export function orderIdOf(
  actor: Pick<Actor, 'userId' | 'mode'>,
  idempotencyKey: string,
): Id<'ord'> {
  return toId('ord', deriveUuid(principalOf(actor), idempotencyKey));
}
