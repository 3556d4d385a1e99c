import { differences, type Document } from './differences.js';

/** An order as its events tell it, up to one version of its stream. */
export type ToldStatus = 'pending' | 'confirmed' | 'completed' | 'cancelled' | 'expired' | 'voided';

/** One order id, seen by orders. */
export interface ToldOrder {
  /** Of the newest event of its stream. */
  version: number;
  /** The version of each event that changed the status, and to what; in order. */
  history: readonly (readonly [version: number, status: ToldStatus])[];
  /** Of a pending order: whether its hold has ended. */
  isDue: boolean;
  /** Of a pending order: whether its hold has ended so long ago that somebody should have written so. */
  isOverdue: boolean;
  /** When the hold of an order placed as pending ends, RFC 3339. */
  expiresAt: string | null;
  /** Mode, hash of the request and all lines; null for an order that was never placed. */
  terms: Document | null;
  /** Units that were shipped, by SKU. */
  shipped: Document;
}

/** The same order id, seen by inventory a moment later. */
export interface KeptReservation {
  state: 'held' | 'committed' | 'released';
  /** Whether inventory has heard that the order was cancelled or has expired. */
  hasEnded: boolean;
  /** The newest version of the order's stream that inventory has applied; 0 for none. */
  applied: number;
  /** Since it was held. */
  heldSeconds: number;
  expiresAt: string | null;
  /** As in `ToldOrder`; null for a tombstone over nothing. */
  terms: Document | null;
  /** Units that are no longer taken, by SKU: of a committed reservation those that were shipped. */
  shipped: Document;
}

/** Longer than the sweepers leave anything undecided, and than any request takes. */
export const GRACE_SECONDS = 90;

const STATE_OF: Record<ToldStatus, KeptReservation['state']> = {
  pending: 'held',
  confirmed: 'committed',
  completed: 'committed',
  cancelled: 'released',
  expired: 'released',
  voided: 'released',
};

/**
 * What is wrong between an order and its reservation; null when nothing is. Events that inventory has not applied yet
 * may still be on their way, so a reservation may be where they leave it, or where the applied ones do.
 */
export function judgeReservation(
  order: ToldOrder | undefined,
  reservation: KeptReservation | undefined,
): string | null {
  const status = order?.history.at(-1)?.[1];
  if (!reservation) {
    const isSold = status !== undefined && STATE_OF[status] !== 'released';
    return isSold ? `the order is ${status}, there is no reservation` : null;
  }
  if (!order || status === undefined) return judgeOrphan(reservation);
  const { state, applied } = reservation;
  const other = differentTerms(order, reservation);
  if (other !== null) return other;
  // Inventory was looked at later, and has heard more.
  if (applied > order.version) return null;
  // Somebody who wanted its units may have asked orders since, ahead of the event.
  const mayHaveRunOut = status === 'pending' && order.isDue;
  if (reservation.hasEnded && STATE_OF[status] !== 'released' && !mayHaveRunOut) {
    return `it says that the order has ended, which is ${status}`;
  }
  if (state === STATE_OF[status]) {
    const mayTellGoods = state === 'committed' && applied === order.version;
    return mayTellGoods
      ? differences({ shipped: order.shipped }, { shipped: reservation.shipped })
      : null;
  }
  const before = order.history.findLast(([version]) => version <= applied)?.[1] ?? 'pending';
  if (state === STATE_OF[before]) return null;
  // A confirmation that died half-way may be repeated until the order expires (docs/adr/0002-confirming-a-held-order.md).
  const mayConfirm = state === 'committed' && !order.isOverdue;
  if (status === 'pending' && mayConfirm) return null;
  if (state === 'released' && mayHaveRunOut) return null;
  return wrong(state, status);
}

/** Both were agreed on once and never change; only the end of a hold goes when it is over. */
function differentTerms(
  order: ToldOrder,
  { state, ...reservation }: KeptReservation,
): string | null {
  const isTombstone = state === 'released' && reservation.terms === null;
  if (order.terms === null || isTombstone) return null;
  if (reservation.terms === null) return 'it has no lines';
  const ends = (expiresAt: string | null) => (state === 'held' ? { expires_at: expiresAt } : {});
  return differences(
    { ...order.terms, ...ends(order.expiresAt) },
    { ...reservation.terms, ...ends(reservation.expiresAt) },
  );
}

/** Nothing was decided about it, as far as was known a moment before. */
function judgeOrphan({ state, heldSeconds }: KeptReservation): string | null {
  if (state === 'released' || heldSeconds < GRACE_SECONDS) return null;
  return `it is ${state} for ${Math.round(heldSeconds)} s, there is no order`;
}

function wrong(state: KeptReservation['state'], status: ToldStatus): string {
  return `it is ${state}, the order is ${status}`;
}
