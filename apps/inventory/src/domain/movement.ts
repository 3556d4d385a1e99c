import type { EventActor } from '@flotilla/contracts/events';
import type { MovementType } from '@flotilla/contracts/inventory';

/** An entry to be written to the ledger; the level of its product changes by the same deltas. Units. */
export interface Movement {
  readonly type: MovementType;
  readonly productId: string;
  readonly onHandDelta: number;
  readonly reservedDelta: number;
  /** The uuid of the order it was for. */
  readonly orderId?: string;
  readonly reason?: string;
  readonly by: EventActor;
}

/** Units of one product taken for one order. */
export interface TakenUnits {
  readonly orderId: string;
  readonly productId: string;
  readonly quantity: number;
}

/** Units set aside for an order. */
export function reserve(units: TakenUnits, by: EventActor): Movement {
  return forOrder('reserve', units, units.quantity, by);
}

/** Units given back, and why. */
export function release(units: TakenUnits, by: EventActor, reason: string): Movement {
  return { ...forOrder('release', units, -units.quantity, by), reason };
}

/** The order is confirmed: the units stay reserved until they are shipped, so no level changes. */
export function commit(units: TakenUnits, by: EventActor): Movement {
  return forOrder('commit', units, 0, by);
}

/** Units that left for the customer: they are neither reserved nor on hand any more. */
export function ship(units: TakenUnits, by: EventActor): Movement {
  return { ...forOrder('ship', units, -units.quantity, by), onHandDelta: -units.quantity };
}

/** Units the customer sent back: on hand again when they are restocked, else only noted. */
export function takeBack(units: TakenUnits, restock: boolean, by: EventActor): Movement {
  const movement = forOrder('return', units, 0, by);
  return restock
    ? { ...movement, onHandDelta: units.quantity, reason: 'restocked' }
    : { ...movement, reason: 'not restocked' };
}

function forOrder(
  type: MovementType,
  { orderId, productId }: TakenUnits,
  reservedDelta: number,
  by: EventActor,
): Movement {
  return { type, productId, orderId, onHandDelta: 0, reservedDelta, by };
}
