import { AppError } from '@flotilla/contracts/errors';
import type { EventActor } from '@flotilla/contracts/events';
import { MAX_STOCK } from '@flotilla/contracts/inventory';
import type { Movement } from './movement.js';
import type { StockLevel } from './product.js';

/** A product whose stock nobody else changes now. */
export interface CountedProduct extends StockLevel {
  readonly id: string;
  readonly sku: string;
}

/** How a stock is changed by hand: by so many units, or to what was counted. */
export type Count = { readonly delta: number } | { readonly onHand: number };

/**
 * The movement that makes a stock what somebody says it is; null when it is so already.
 * @throws AppError `insufficient-stock` when less would be left than is reserved; `validation-failed` for more than a
 *   stock may be
 */
export function decideCount(
  product: CountedProduct,
  count: Count,
  reason: string,
  by: EventActor,
): Movement | null {
  const { id: productId, sku, onHand, reserved } = product;
  const onHandDelta = 'delta' in count ? count.delta : count.onHand - onHand;
  if (onHandDelta === 0) return null;
  const available = onHand - reserved;
  if (available + onHandDelta < 0) {
    const message = `${reserved} units of ${sku} are reserved, so there cannot be ${onHand + onHandDelta}.`;
    const lines = [{ sku, requested: -onHandDelta, available }];
    throw new AppError('insufficient-stock', message, { details: { lines } });
  }
  if (onHand + onHandDelta > MAX_STOCK) {
    const detail = `A stock is at most ${MAX_STOCK} units.`;
    throw new AppError('validation-failed', 'The request is not valid.', {
      details: { errors: [{ pointer: '/delta', code: 'max', detail }] },
    });
  }
  return { type: 'adjustment', productId, onHandDelta, reservedDelta: 0, reason, by };
}
