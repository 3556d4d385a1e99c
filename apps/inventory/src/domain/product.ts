import type { Mode } from '@flotilla/contracts/actor';
import type { Money } from '@flotilla/contracts/money';

/** A product as it stands in the catalogue. */
export interface Product {
  readonly id: string;
  readonly mode: Mode;
  readonly sku: string;
  readonly name: string;
  readonly price: Money;
  readonly status: 'active' | 'archived';
}

/** Units of one product; `available = onHand − reserved`. */
export interface StockLevel {
  readonly onHand: number;
  readonly reserved: number;
}

/** What a SKU is found by: two that differ only in case are the same product. */
export function skuKey(mode: Mode, sku: string): string {
  return `${mode}:${sku.toLowerCase()}`;
}
