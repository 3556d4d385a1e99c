import { AppError } from '@flotilla/contracts/errors';
import { MAX_STOCK } from '@flotilla/contracts/inventory';
import type { Money } from '@flotilla/contracts/money';
import type { ChangeProductBody, CreateProductBody } from '@flotilla/contracts/products';
import type { Product } from './product.js';

/** Of `attributes` as JSON, in bytes. */
const MAX_ATTRIBUTES = 16 * 1024;
const DEFAULT_LOW_AT = 5;

/** All that is said of a product; orders keep what was said when they were placed. */
export interface Description {
  readonly name: string;
  readonly description: string | null;
  readonly price: Money;
  readonly attributes: Record<string, unknown>;
  readonly status: Product['status'];
}

/** What is said of a new product. @throws AppError `validation-failed` for its attributes */
export function describeProduct(body: CreateProductBody): Description {
  const { name, description = null, price, attributes = {} } = body;
  return checked({ name, description, price, attributes, status: 'active' });
}

/** What is said of a product from now on. @throws AppError `validation-failed` for its attributes */
export function changeDescription(before: Description, changes: ChangeProductBody): Description {
  return checked({
    name: changes.name ?? before.name,
    description: changes.description === undefined ? before.description : changes.description,
    price: changes.price ?? before.price,
    attributes: changes.attributes ?? before.attributes,
    status: changes.status ?? before.status,
  });
}

/** When the stock of a product is low, in units. */
export function lowStockThreshold({ attributes }: Pick<Description, 'attributes'>): number {
  return (attributes['lowStockThreshold'] as number | undefined) ?? DEFAULT_LOW_AT;
}

function checked(description: Description): Description {
  const { attributes } = description;
  if (Buffer.byteLength(JSON.stringify(attributes)) > MAX_ATTRIBUTES) {
    throw invalid('', 'max-size', `attributes takes at most ${MAX_ATTRIBUTES} bytes of JSON.`);
  }
  const threshold = attributes['lowStockThreshold'];
  const isUnits = Number.isSafeInteger(threshold) && Number(threshold) >= 0;
  if (threshold !== undefined && (!isUnits || Number(threshold) > MAX_STOCK)) {
    throw invalid('/lowStockThreshold', 'int', 'lowStockThreshold is a number of units.');
  }
  return description;
}

function invalid(field: string, code: string, detail: string): AppError<'validation-failed'> {
  return new AppError('validation-failed', 'The request is not valid.', {
    details: { errors: [{ pointer: `/attributes${field}`, code, detail }] },
  });
}
