import { AppError, notFound } from '@flotilla/contracts/errors';
import { newUuid } from '@flotilla/contracts/ids';
import type { ProductView } from '@flotilla/contracts/products';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { canonicalJson } from '@flotilla/contracts/canonical-json';
import { type Description, lowStockThreshold } from '../domain/description.js';
import type { Movement } from '../domain/movement.js';
import { type NewProduct, Products, type VersionedRef } from '../use-cases/ports.js';
import { announceCatalogueChange } from './announce-catalogue-change.js';
import { recordMovements } from './ledger.js';
import { findProduct, readProduct } from './product-rows.js';
import { lockStock } from './stock-lock.js';

/** The catalogue in PostgreSQL, product by product. */
@Injectable()
export class ProductsRepository extends Products {
  constructor(private readonly database: Database) {
    super();
  }

  async create(
    tx: Transaction,
    { mode, sku, description, initialStock, by }: NewProduct,
  ): Promise<ProductView> {
    const { name, price, attributes } = description;
    const [row] = await tx.rows<{ id: string }>(
      `WITH created AS (
         INSERT INTO products (id, mode, sku, name, description, price_amount, price_currency, attributes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (mode, lower(sku)) DO NOTHING RETURNING id
       )
       INSERT INTO stock (product_id, on_hand, available, low_at) SELECT id, 0, 0, $9 FROM created
       RETURNING product_id AS id`,
      [
        newUuid(),
        mode,
        sku,
        name,
        description.description,
        price.amount,
        price.currency,
        JSON.stringify(attributes),
        lowStockThreshold(description),
      ],
    );
    if (!row) throw new AppError('sku-taken', `There already is a product ${sku}.`);
    const receipt: Movement = {
      type: 'receipt',
      productId: row.id,
      onHandDelta: initialStock,
      reservedDelta: 0,
      reason: 'initial stock',
      by,
    };
    await recordMovements(tx, initialStock > 0 ? [receipt] : []);
    await announceCatalogueChange(tx);
    return readProduct(tx, { mode, sku });
  }

  change(ref: VersionedRef, decide: (before: Description) => Description): Promise<ProductView> {
    return this.database.transaction(async (tx) => {
      const { id } = await findProduct(tx, ref);
      // The stock first, as in every transaction that has both.
      await lockStock(tx, [id]);
      const before = await lockDescription(tx, id, ref);
      const after = decide(before);
      if (canonicalJson(after) !== canonicalJson(before)) {
        await write(tx, id, after);
        await announceCatalogueChange(tx);
      }
      return readProduct(tx, ref);
    });
  }
}

/** What is said of a product, which nobody else changes until the transaction ends. */
async function lockDescription(
  tx: Transaction,
  id: string,
  { version }: Pick<VersionedRef, 'version'>,
): Promise<Description> {
  const [row] = await tx.rows<Description & { version: number }>(
    `SELECT name, description, json_build_object('amount', price_amount, 'currency', price_currency) AS price,
       attributes, status, version
     FROM products WHERE id = $1 FOR NO KEY UPDATE`,
    [id],
  );
  if (!row) throw notFound('product');
  const { version: current, ...description } = row;
  if (version === undefined || version === current) return description;
  throw new AppError('precondition-failed', 'The product changed meanwhile.');
}

async function write(tx: Transaction, id: string, after: Description): Promise<void> {
  const { name, description, price, attributes, status } = after;
  await tx.rows(
    `WITH threshold AS (UPDATE stock SET low_at = $8 WHERE product_id = $1 AND low_at <> $8)
     UPDATE products
     SET name = $2, description = $3, price_amount = $4, price_currency = $5, attributes = $6, status = $7,
         version = version + 1, updated_at = now()
     WHERE id = $1`,
    [
      id,
      name,
      description,
      price.amount,
      price.currency,
      JSON.stringify(attributes),
      status,
      lowStockThreshold(after),
    ],
  );
}
