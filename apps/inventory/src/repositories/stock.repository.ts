import { AppError } from '@flotilla/contracts/errors';
import type { StockView } from '@flotilla/contracts/inventory';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import type { Movement } from '../domain/movement.js';
import type { CountedProduct } from '../domain/stocktaking.js';
import { Stock, type VersionedRef } from '../use-cases/ports.js';
import { recordMovements } from './ledger.js';
import { findProduct, readStock } from './product-rows.js';
import { lockStock } from './stock-lock.js';

/** What is counted by hand, in PostgreSQL. */
@Injectable()
export class StockRepository extends Stock {
  constructor(private readonly database: Database) {
    super();
  }

  async count(
    ref: VersionedRef,
    decide: (product: CountedProduct) => Movement | null,
    tx?: Transaction,
  ): Promise<StockView> {
    if (!tx) return this.database.transaction((own) => this.count(ref, decide, own));
    const product = await findProduct(tx, ref);
    const level = (await lockStock(tx, [product.id])).get(product.id)!;
    if (ref.version !== undefined && ref.version !== level.version) {
      throw new AppError('precondition-failed', 'The stock changed meanwhile.');
    }
    const movement = decide({ ...product, ...level });
    await recordMovements(tx, movement ? [movement] : []);
    return readStock(tx, ref);
  }
}
