import { AppError } from '@flotilla/contracts/errors';
import { toId } from '@flotilla/contracts/ids';
import type { FulfillOrderBody, ReturnItemsBody } from '@flotilla/contracts/order-changes';
import type { LineUnits } from '@flotilla/contracts/order-events';
import type { Attempt } from './attempt.js';
import { illegal, type OrderEvent, type PlacedOrderState } from './order.js';

/**
 * Ships units of a confirmed order: those named, or all that are left.
 * @throws AppError `quantity-exceeded` beyond what was ordered, `illegal-transition`, `unknown-sku` for what is not in the order
 */
export function fulfill(
  order: PlacedOrderState,
  { items, trackingNumber = undefined }: FulfillOrderBody,
  { uuid, requestHash }: Attempt,
): OrderEvent[] {
  requireSold(order, 'shipped');
  const left = order.terms.items.map(({ quantity }, line) => quantity - order.shipped[line]!);
  const sent = items ? unitsByLine(order, items) : left;
  if (sent.every((units) => units === 0)) throw illegal('Everything was shipped already.');
  requireWithin(order, sent, left, 'left to ship');
  const fulfillmentId = toId('ful', uuid);
  return [
    {
      type: 'order.fulfilled',
      data: {
        fulfillmentId,
        items: itemsOf(order, sent),
        trackingNumber: trackingNumber ?? null,
        requestHash,
      },
    },
  ];
}

/**
 * Takes shipped units back.
 * @throws AppError `quantity-exceeded` beyond what was shipped, `illegal-transition`, `unknown-sku` for what is not in the order
 */
export function takeBack(
  order: PlacedOrderState,
  { items, restock }: ReturnItemsBody,
  { uuid, requestHash }: Attempt,
): OrderEvent[] {
  requireSold(order, 'returned');
  const back = unitsByLine(order, items);
  const out = order.shipped.map((units, line) => units - order.returned[line]!);
  requireWithin(order, back, out, 'with the customer');
  const returnId = toId('ret', uuid);
  return [
    {
      type: 'order.returned',
      data: { returnId, items: itemsOf(order, back), restock, requestHash },
    },
  ];
}

function requireSold({ status }: PlacedOrderState, what: string): void {
  if (status === 'confirmed' || status === 'completed') return;
  throw illegal(`Nothing of an order that is ${status} can be ${what}.`);
}

/** How many units of each line are meant; a SKU may be named more than once, in any case of its letters. */
function unitsByLine({ terms }: PlacedOrderState, items: readonly LineUnits[]): number[] {
  const lines = new Map(terms.items.map(({ sku }, line) => [sku.toLowerCase(), line]));
  const units = terms.items.map(() => 0);
  items.forEach(({ sku, quantity }, index) => {
    const line = lines.get(sku.toLowerCase());
    if (line === undefined) throw unknown(sku, index);
    units[line]! += quantity;
  });
  return units;
}

function itemsOf({ terms }: PlacedOrderState, units: readonly number[]): LineUnits[] {
  return terms.items
    .map(({ sku }, line) => ({ sku, quantity: units[line]! }))
    .filter(({ quantity }) => quantity > 0);
}

function requireWithin(
  { terms }: PlacedOrderState,
  units: readonly number[],
  most: readonly number[],
  where: string,
): void {
  const line = units.findIndex((count, index) => count > most[index]!);
  if (line === -1) return;
  throw new AppError(
    'quantity-exceeded',
    `${units[line]} units of ${terms.items[line]!.sku} were named, ${most[line]} are ${where}.`,
  );
}

function unknown(sku: string, index: number): AppError<'unknown-sku'> {
  const detail = `${sku} is not in the order.`;
  return new AppError('unknown-sku', detail, {
    details: { errors: [{ pointer: `/items/${index}/sku`, code: 'unknown-sku', detail }] },
  });
}
