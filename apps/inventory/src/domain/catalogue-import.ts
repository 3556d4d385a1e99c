import type { EventActor } from '@flotilla/contracts/events';
import type { ImportRow, RejectedRow } from '@flotilla/contracts/catalogue-import';
import type { Money } from '@flotilla/contracts/money';
import type { Movement } from './movement.js';
import type { StockLevel } from './product.js';

const REASON = 'import';

/** A product that rows of an import name; `created` when the import itself brought it in, with nothing on hand. */
export interface ImportedProduct extends StockLevel {
  readonly id: string;
  readonly sku: string;
  readonly created: boolean;
}

/** What an import does; a row that says what is already so moves nothing. */
export interface ImportDecision {
  readonly rejected: readonly RejectedRow[];
  /** What the products are to be called and to cost. */
  readonly described: readonly { id: string; name: string; price: Money }[];
  readonly movements: readonly Movement[];
}

/**
 * Applies the rows of an import one after the other, all of one mode; `onHand` is an absolute count. A row that would
 * leave less on hand than is reserved is rejected whole, and only that row.
 */
export function decideImport(
  rows: readonly ImportRow[],
  products: readonly ImportedProduct[],
  by: EventActor,
): ImportDecision {
  const bySku = new Map(products.map((product) => [product.sku.toLowerCase(), product]));
  const counts = new Map(products.map(({ id, onHand }) => [id, onHand]));
  const described = new Map<string, { id: string; name: string; price: Money }>();
  const rejected: RejectedRow[] = [];
  const movements: Movement[] = [];

  for (const { line, sku, name, price, onHand } of rows) {
    const { id: productId, reserved, created, sku: known } = bySku.get(sku.toLowerCase())!;
    if (onHand < reserved) {
      const detail = `${reserved} units of ${known} are reserved, so there cannot be ${onHand}.`;
      rejected.push({ line, code: 'insufficient-stock', detail });
      continue;
    }
    described.set(productId, { id: productId, name, price });
    const before = counts.get(productId)!;
    if (onHand !== before) {
      const type = created && before === 0 ? 'receipt' : 'adjustment';
      const onHandDelta = onHand - before;
      movements.push({ type, productId, onHandDelta, reservedDelta: 0, reason: REASON, by });
      counts.set(productId, onHand);
    }
  }

  return { rejected, described: [...described.values()], movements };
}
