import type { Mode } from '@flotilla/contracts/actor';
import type { EventActor } from '@flotilla/contracts/events';
import type { HeldLine, HoldLine } from '@flotilla/contracts/stock-holds';

/**
 * What became of the stock of an order: `held` until its fate is known or its time is up, `committed` once the order
 * is confirmed, `released` for good: a tombstone, so that a late duplicate cannot take stock again.
 */
export type ReservationState = 'held' | 'committed' | 'released';

/** The same to whoever asks what came of an order: `ended` when it was released because the order has ended. */
export type SettledState = ReservationState | 'ended';

/** A demand for stock under the id of an order. */
export interface HoldRequest {
  /** The uuid inside the order's id. */
  readonly orderId: string;
  readonly mode: Mode;
  /** SHA-256, hex. */
  readonly requestHash: string;
  readonly lines: readonly HoldLine[];
  /** When the hold ends by itself; null when it does not. */
  readonly expiresAt: Date | null;
  readonly by: EventActor;
}

/** What stock was held on, as orders remembers it. */
export interface HoldTerms extends Pick<HoldRequest, 'mode' | 'requestHash' | 'expiresAt'> {
  readonly lines: readonly HeldLine[];
}

/** A line with the name and price of the moment it was taken, under the product it is taken from. */
export interface ReservedLine extends HeldLine {
  readonly productId: string;
}

/** Stock under the id of an order. A tombstone may have no hash and no lines: nothing was ever held. */
export interface Reservation {
  readonly orderId: string;
  readonly requestHash: string | null;
  readonly state: ReservationState;
  readonly lines: readonly ReservedLine[];
  readonly expiresAt: Date | null;
}
