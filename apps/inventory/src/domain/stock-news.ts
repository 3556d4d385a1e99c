import type { EventActor } from '@flotilla/contracts/events';
import type { StockEvents } from '@flotilla/contracts/inventory';
import type { Movement } from './movement.js';

/** What movements made of the level of a product. Units. */
export interface LevelChange {
  readonly productId: string;
  readonly onHand: number;
  readonly available: number;
  readonly availableBefore: number;
  /** Stock is low when no more than so many are available. */
  readonly lowAt: number;
}

type News = {
  [Type in keyof StockEvents]: { type: Type; data: Omit<StockEvents[Type], 'sku'> };
}[keyof StockEvents];

/** What is to be announced of a product, and who caused it. */
export interface StockNews {
  readonly productId: string;
  readonly by: EventActor;
  readonly events: readonly News[];
}

/**
 * What others should hear of movements that were just made: what was counted or brought in by hand, in all, and that
 * stock has become low: once, and again only after it was more than low.
 */
export function stockNews(
  movements: readonly Movement[],
  changes: readonly LevelChange[],
): StockNews[] {
  const byProduct = Map.groupBy(movements, ({ productId }) => productId);
  return changes.flatMap((change) => {
    const own = byProduct.get(change.productId)!;
    const events = [...adjusted(own, change), ...low(change)];
    return events.length === 0 ? [] : [{ productId: change.productId, by: own.at(-1)!.by, events }];
  });
}

function adjusted(movements: readonly Movement[], { onHand }: LevelChange): News[] {
  const byHand = movements.filter(({ type }) => type === 'receipt' || type === 'adjustment');
  const delta = byHand.reduce((sum, { onHandDelta }) => sum + onHandDelta, 0);
  if (delta === 0) return [];
  const reason = byHand.at(-1)!.reason ?? '';
  return [{ type: 'stock.adjusted', data: { onHand, delta, reason } }];
}

function low({ available, availableBefore, lowAt: threshold }: LevelChange): News[] {
  if (available > threshold || availableBefore <= threshold) return [];
  return [{ type: 'stock.low', data: { available, threshold } }];
}
