import { notFound } from '@flotilla/contracts/errors';
import { SKU_PATTERN } from '@flotilla/contracts/inventory';
import type { PipeTransform } from '@nestjs/common';

/** A SKU in an address: what cannot be one does not exist. Throws `not-found`. */
export class SkuPipe implements PipeTransform<string, string> {
  transform(sku: string): string {
    if (!SKU_PATTERN.test(sku)) throw notFound('product');
    return sku;
  }
}
