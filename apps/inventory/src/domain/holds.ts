import { AppError, type FieldError, type ShortLine } from '@flotilla/contracts/errors';
import { type Product, skuKey } from './product.js';
import type { HoldRequest, Reservation, ReservedLine } from './reservation.js';

/** A product with the units of it that may be taken now. */
export interface Shelf extends Product {
  readonly available: number;
}

/** `taken` now, `repeated` from the first time, or `refused` with nothing left behind. */
export type HoldOutcome =
  | { readonly kind: 'taken'; readonly reservation: Reservation }
  | { readonly kind: 'repeated'; readonly reservation: Reservation }
  | { readonly kind: 'refused'; readonly error: AppError };

/**
 * Decides many holds at once, in the order they came: each takes all its lines or none, and a later one sees what
 * the earlier ones took. An order id that is already known is answered from its reservation and takes nothing.
 */
export function decideHolds(
  requests: readonly HoldRequest[],
  shelves: readonly Shelf[],
  reservations: readonly Reservation[],
): HoldOutcome[] {
  const products = new Map(shelves.map((shelf) => [skuKey(shelf.mode, shelf.sku), shelf]));
  const left = new Map(shelves.map((shelf) => [shelf.id, shelf.available]));
  const known = new Map(reservations.map((one) => [one.orderId, one]));

  return requests.map((request) => {
    const earlier = known.get(request.orderId);
    if (earlier) return repeat(request, earlier);
    const demand = demandOf(request, products);
    if (demand instanceof AppError) return { kind: 'refused', error: demand };
    const error = shortage(demand, left);
    if (error) return { kind: 'refused', error };

    for (const { productId, quantity } of demand) {
      left.set(productId, left.get(productId)! - quantity);
    }
    const { orderId, requestHash, expiresAt } = request;
    const taken: Reservation = { orderId, requestHash, expiresAt, state: 'held', lines: demand };
    known.set(orderId, taken);
    return { kind: 'taken', reservation: taken };
  });
}

function repeat(request: HoldRequest, earlier: Reservation): HoldOutcome {
  if (earlier.requestHash !== null && earlier.requestHash !== request.requestHash) {
    const message = 'The Idempotency-Key was already used for an order with another content.';
    return { kind: 'refused', error: new AppError('idempotency-key-reuse', message) };
  }
  if (earlier.state === 'released') {
    const message = 'The attempt under this Idempotency-Key was withdrawn; take a new key.';
    return { kind: 'refused', error: new AppError('order-voided', message) };
  }
  return { kind: 'repeated', reservation: earlier };
}

/** One line per product, or why these lines cannot be one order. */
function demandOf(
  request: HoldRequest,
  products: ReadonlyMap<string, Product>,
): ReservedLine[] | AppError {
  const demand = new Map<string, ReservedLine>();
  const unknown: FieldError[] = [];
  const foreign: FieldError[] = [];
  let currency: string | undefined;
  let total = 0;

  for (const [index, { sku, quantity }] of request.lines.entries()) {
    const pointer = `/items/${index}/sku`;
    const product = products.get(skuKey(request.mode, sku));
    if (product?.status !== 'active') {
      unknown.push({ pointer, code: 'unknown-sku', detail: `There is no product ${sku}.` });
      continue;
    }
    const { id: productId, name, price: unitPrice } = product;
    currency ??= unitPrice.currency;
    if (unitPrice.currency !== currency) {
      const detail = `${product.sku} is sold in ${unitPrice.currency}, not in ${currency}.`;
      foreign.push({ pointer, code: 'currency', detail });
      continue;
    }
    total += unitPrice.amount * quantity;
    // Lines that share a product must not each be measured against all of its stock.
    const sum = quantity + (demand.get(productId)?.quantity ?? 0);
    demand.set(productId, { productId, sku: product.sku, name, unitPrice, quantity: sum });
  }

  if (unknown.length > 0) {
    const message = 'The order names products that are not in the catalogue.';
    return new AppError('unknown-sku', message, { details: { errors: unknown } });
  }
  if (foreign.length > 0) {
    const message = 'One order has one currency.';
    return new AppError('validation-failed', message, { details: { errors: foreign } });
  }
  // Nothing is negative, so the sum is inexact as soon as any product in it is.
  if (!Number.isSafeInteger(total)) {
    const message = 'The total is larger than any amount that can be counted.';
    const error = { pointer: '/items', code: 'max', detail: message };
    return new AppError('validation-failed', message, { details: { errors: [error] } });
  }
  return [...demand.values()];
}

function shortage(
  demand: readonly ReservedLine[],
  left: ReadonlyMap<string, number>,
): AppError<'insufficient-stock'> | undefined {
  const lines: ShortLine[] = demand
    .map(({ sku, productId, quantity }) => {
      return { sku, requested: quantity, available: left.get(productId) ?? 0 };
    })
    .filter(({ requested, available }) => requested > available);
  if (lines.length === 0) return undefined;
  const message = `There is not enough stock of ${lines.map(({ sku }) => sku).join(', ')}.`;
  return new AppError('insufficient-stock', message, { details: { lines } });
}
