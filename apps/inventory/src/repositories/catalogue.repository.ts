import type { Mode } from '@flotilla/contracts/actor';
import type { EventActor } from '@flotilla/contracts/events';
import { newUuid } from '@flotilla/contracts/ids';
import type { ImportResult, ImportRow } from '@flotilla/contracts/catalogue-import';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { decideImport, type ImportDecision } from '../domain/catalogue-import.js';
import { Catalogue } from '../use-cases/ports.js';
import { announceCatalogueChange } from './announce-catalogue-change.js';
import { findProducts } from './find-products.js';
import { recordMovements } from './ledger.js';
import { lockStock } from './stock-lock.js';

/** The catalogue in PostgreSQL; as many statements for one row as for five hundred. */
@Injectable()
export class CatalogueRepository extends Catalogue {
  constructor(private readonly database: Database) {
    super();
  }

  import(mode: Mode, rows: readonly ImportRow[], by: EventActor): Promise<ImportResult> {
    return this.database.transaction(async (tx) => {
      const created = new Set(await insertMissing(tx, mode, rows));
      const products = await findProducts(
        tx,
        rows.map(({ sku }) => ({ mode, sku })),
      );
      const levels = await lockStock(
        tx,
        products.map(({ id }) => id),
      );
      const decision = decideImport(
        rows,
        products.map(({ id, sku }) => ({ id, sku, created: created.has(id), ...levels.get(id)! })),
        by,
      );
      const described = await describe(tx, decision.described);
      await recordMovements(tx, decision.movements);
      if (created.size > 0 || described > 0) await announceCatalogueChange(tx);
      const errors = [...decision.rejected];
      return { accepted: rows.length - errors.length, rejected: errors.length, errors };
    });
  }
}

/** Creates the products that are not there yet, with nothing on hand; by SKU, so that no two imports wait for each other. */
async function insertMissing(
  tx: Transaction,
  mode: Mode,
  rows: readonly ImportRow[],
): Promise<string[]> {
  const created = await tx.rows<{ product_id: string }>(
    `WITH created AS (
       INSERT INTO products (id, mode, sku, name, price_amount, price_currency)
       SELECT id, $1, sku, name, amount, currency
       FROM unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[]) WITH ORDINALITY
         AS given(id, sku, name, amount, currency, nth)
       ORDER BY lower(sku), nth
       ON CONFLICT (mode, lower(sku)) DO NOTHING
       RETURNING id
     )
     INSERT INTO stock (product_id, on_hand, available) SELECT id, 0, 0 FROM created
     RETURNING product_id`,
    [
      mode,
      rows.map(() => newUuid()),
      rows.map(({ sku }) => sku),
      rows.map(({ name }) => name),
      rows.map(({ price }) => price.amount),
      rows.map(({ price }) => price.currency),
    ],
  );
  return created.map((row) => row.product_id);
}

/** Compared in the statement, because a name may have changed since it was read. Returns how many are not as they were. */
async function describe(tx: Transaction, described: ImportDecision['described']): Promise<number> {
  if (described.length === 0) return 0;
  const changed = await tx.rows(
    `UPDATE products
     SET name = given.name, price_amount = given.amount, price_currency = given.currency,
         version = version + 1, updated_at = now()
     FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[]) AS given(id, name, amount, currency)
     WHERE products.id = given.id
       AND (products.name, price_amount, price_currency) <> (given.name, given.amount, given.currency)
     RETURNING products.id`,
    [
      described.map(({ id }) => id),
      described.map(({ name }) => name),
      described.map(({ price }) => price.amount),
      described.map(({ price }) => price.currency),
    ],
  );
  return changed.length;
}
