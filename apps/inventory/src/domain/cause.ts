import type { Actor } from '@flotilla/contracts/actor';
import type { EventActor } from '@flotilla/contracts/events';

/** What the ledger and events say of who asked: who it was, not what they may do. */
export function causeOf({ userId, keyId, mode }: Actor): EventActor {
  return { userId, ...(keyId && { keyId }), mode };
}
