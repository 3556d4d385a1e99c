import type { Mode } from '@flotilla/contracts/actor';
import type { Sql } from '@flotilla/runtime/database';
import type { Product } from '../domain/product.js';

interface ProductRow {
  id: string;
  mode: Mode;
  sku: string;
  name: string;
  price_amount: string;
  price_currency: string;
  status: Product['status'];
}

/** The products that SKUs name, each once, archived ones too; SKUs that name none are left out. */
export async function findProducts(
  sql: Sql,
  wanted: readonly { mode: Mode; sku: string }[],
): Promise<Product[]> {
  const rows = await sql.rows<ProductRow>(
    `SELECT DISTINCT id, product.mode, product.sku, name, price_amount, price_currency, status
     FROM unnest($1::text[], $2::text[]) AS wanted(mode, sku)
     JOIN products AS product ON product.mode = wanted.mode AND lower(product.sku) = lower(wanted.sku)`,
    [wanted.map(({ mode }) => mode), wanted.map(({ sku }) => sku)],
  );
  return rows.map(({ id, mode, sku, name, price_amount, price_currency, status }) => ({
    id,
    mode,
    sku,
    name,
    status,
    price: { amount: Number(price_amount), currency: price_currency },
  }));
}
