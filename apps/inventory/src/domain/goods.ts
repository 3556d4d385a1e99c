import type { LineUnits, OrderEvents } from '@flotilla/contracts/order-events';

/** Goods of an order that left, or came back. */
export type GoodsMoved =
  | { readonly kind: 'shipped'; readonly items: readonly LineUnits[] }
  | {
      readonly kind: 'returned';
      readonly items: readonly LineUnits[];
      readonly restock: boolean;
    };

/** The goods that an event of an order moved; null when it moved none. */
export function goodsOfEvent(event: { type: string; data: unknown }): GoodsMoved | null {
  const type = event.type as keyof OrderEvents;
  if (type === 'order.fulfilled') {
    return { kind: 'shipped', items: (event.data as OrderEvents[typeof type]).items };
  }
  if (type === 'order.returned') {
    const { items, restock } = event.data as OrderEvents[typeof type];
    return { kind: 'returned', items, restock };
  }
  return null;
}

/** A line of an order as inventory keeps it. */
export interface KeptLine {
  readonly productId: string;
  readonly sku: string;
  /** Units still reserved for it. */
  readonly taking: number;
}

/** Units of products that move now, and how many were told of that cannot. */
export interface GoodsDecision {
  readonly units: readonly { readonly productId: string; readonly quantity: number }[];
  readonly missing: number;
}

/**
 * Matches goods with the lines of their order, each product once. Nothing ships that is not reserved; what comes back is
 * no longer reserved, so the whole of it does.
 */
export function matchGoods(goods: GoodsMoved, lines: readonly KeptLine[]): GoodsDecision {
  const told = new Map<string, number>();
  for (const { sku, quantity } of goods.items) told.set(sku, (told.get(sku) ?? 0) + quantity);
  const units = lines
    .map(({ productId, sku, taking }) => {
      const wanted = told.get(sku) ?? 0;
      return { productId, quantity: goods.kind === 'shipped' ? Math.min(wanted, taking) : wanted };
    })
    .filter(({ quantity }) => quantity > 0);
  const sum = (all: Iterable<number>) => [...all].reduce((total, one) => total + one, 0);
  const moved = sum(units.map(({ quantity }) => quantity));
  return { units, missing: sum(told.values()) - moved };
}
