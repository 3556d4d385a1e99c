import { AppError, isAppError } from '@flotilla/contracts/errors';
import { type HoldLine, MAX_LINE_QUANTITY } from '@flotilla/contracts/stock-holds';
import type { PlaceOrderBody, PostalAddress } from '@flotilla/contracts/orders';
import { requestHashOf } from '@flotilla/contracts/request-hash';

const MAX_METADATA_BYTES = 16 * 1024;
/** Far below what would exhaust the stack of anything that reads the order. */
const MAX_METADATA_DEPTH = 32;

/** What a customer asks for, in the form that stock is held for: each SKU once. */
export interface OrderWish {
  requestHash: string;
  lines: HoldLine[];
  /** Where each line stood first among the items. */
  itemOfLine: number[];
  holdMinutes: number | null;
  shippingAddress: PostalAddress | null;
  metadata: Record<string, unknown>;
}

/**
 * Reads the body of an order.
 * @throws AppError `validation-failed` for what the rules of the single fields cannot see
 */
export function orderWish(body: PlaceOrderBody): OrderWish {
  const metadata = body.metadata ?? {};
  checkMetadata(metadata);
  checkText(metadata, '/metadata');
  checkText(body.shippingAddress, '/shippingAddress');
  return {
    requestHash: requestHashOf(body),
    ...addUp(body.items),
    holdMinutes: body.holdMinutes ?? null,
    shippingAddress: body.shippingAddress ?? null,
    metadata,
  };
}

/** Repeated SKUs, with or without the same case, become one line spelled as it was first. */
function addUp(items: PlaceOrderBody['items']): Pick<OrderWish, 'lines' | 'itemOfLine'> {
  const lines = new Map<string, HoldLine>();
  const itemOfLine: number[] = [];
  items.forEach(({ sku, quantity }, index) => {
    const key = sku.toLowerCase();
    const line = lines.get(key);
    if (!line) itemOfLine.push(index);
    const sum = (line?.quantity ?? 0) + quantity;
    if (sum > MAX_LINE_QUANTITY) {
      throw invalid(
        `/items/${index}/quantity`,
        'max',
        `The quantities of ${sku} add up to more than ${MAX_LINE_QUANTITY}.`,
      );
    }
    lines.set(key, { sku: line?.sku ?? sku, quantity: sum });
  });
  return { lines: [...lines.values()], itemOfLine };
}

/** A refusal of the stock with its pointers, which count lines, at the items that the customer sent. */
export function pointAtItems(refusal: AppError, { itemOfLine }: OrderWish): AppError {
  if (!isAppError(refusal, 'unknown-sku') && !isAppError(refusal, 'validation-failed')) {
    return refusal;
  }
  const errors = refusal.details?.errors.map((error) => ({
    ...error,
    pointer: error.pointer.replace(
      /^\/items\/(\d+)/,
      (_, line: string) => `/items/${itemOfLine[Number(line)] ?? line}`,
    ),
  }));
  return new AppError(refusal.code, refusal.message, {
    details: { errors: errors ?? [] },
    cause: refusal,
  });
}

function checkMetadata(metadata: Record<string, unknown>): void {
  if (depthOf(metadata) > MAX_METADATA_DEPTH) {
    throw invalid(
      '/metadata',
      'max-depth',
      `The metadata is nested deeper than ${MAX_METADATA_DEPTH} levels.`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(metadata)) > MAX_METADATA_BYTES) {
    throw invalid(
      '/metadata',
      'max-bytes',
      `The metadata is larger than ${MAX_METADATA_BYTES} bytes of JSON.`,
    );
  }
}

/** Levels of nesting, counted no further than to one above the limit. */
function depthOf(value: unknown, above = 0): number {
  if (value === null || typeof value !== 'object' || above > MAX_METADATA_DEPTH) return above;
  return Object.values(value).reduce<number>(
    (deepest, member) => Math.max(deepest, depthOf(member, above + 1)),
    above + 1,
  );
}

/** PostgreSQL stores neither NUL nor half a surrogate pair in `text` and `jsonb`. */
export function checkText(value: unknown, pointer: string): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) {
      throw invalid(pointer, 'text', 'The text has a NUL or half a surrogate pair in it.');
    }
  } else if (value !== null && typeof value === 'object') {
    for (const [key, member] of Object.entries(value)) {
      checkText(key, pointer);
      checkText(member, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    }
  }
}

export function invalid(
  pointer: string,
  code: string,
  detail: string,
): AppError<'validation-failed'> {
  return new AppError('validation-failed', 'The order is not valid.', {
    details: { errors: [{ pointer, code, detail }] },
  });
}
