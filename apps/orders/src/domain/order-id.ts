import { createHash } from 'node:crypto';
import { type Actor, principalOf } from '@flotilla/contracts/actor';
import { deriveUuid, type Id, toId } from '@flotilla/contracts/ids';
import { canonicalJson } from './canonical-json.js';

/** The order that a user's idempotency key leads to: every attempt under the key is an attempt at this one. */
export function orderIdOf(
  actor: Pick<Actor, 'userId' | 'mode'>,
  idempotencyKey: string,
): Id<'ord'> {
  return toId('ord', deriveUuid(principalOf(actor), idempotencyKey));
}

/** SHA-256, hex, of what was asked for: equal for equal bodies, whatever order their keys came in. */
export function requestHashOf(body: object): string {
  return createHash('sha256').update(canonicalJson(body)).digest('hex');
}
