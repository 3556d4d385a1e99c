import type { Mode } from '@flotilla/contracts/actor';
import { notFound } from '@flotilla/contracts/errors';
import type { StockView } from '@flotilla/contracts/inventory';
import type { ProductView } from '@flotilla/contracts/products';
import type { Sql } from '@flotilla/runtime/database';

/** What a product is found by: the SKU in any case. */
export interface ProductRef {
  mode: Mode;
  sku: string;
}

/** Units that may be taken now: what expired holds still take counts as free, swept or not. */
const AVAILABLE = `(stock.available + coalesce((
  SELECT sum(taking) FROM expired_holds JOIN reservation_lines USING (order_id)
  WHERE reservation_lines.product_id = stock.product_id AND taking > 0), 0))::int AS available`;

/** The columns of a `ProductRow`, from `products JOIN stock`. */
export const PRODUCT = `products.id, sku, name, description, price_amount, price_currency, attributes, status,
  created_at, updated_at, products.version, ${AVAILABLE}`;

export interface ProductRow {
  id: string;
  sku: string;
  name: string;
  description: string | null;
  price_amount: string;
  price_currency: string;
  attributes: Record<string, unknown>;
  status: ProductView['status'];
  created_at: Date;
  updated_at: Date;
  version: number;
  available: number;
}

/** The uuid of a product and its SKU as it is written. @throws AppError `not-found` */
export async function findProduct(
  sql: Sql,
  { mode, sku }: ProductRef,
): Promise<{ id: string; sku: string }> {
  const [row] = await sql.rows<{ id: string; sku: string }>(
    'SELECT id, sku FROM products WHERE mode = $1 AND lower(sku) = lower($2)',
    [mode, sku],
  );
  if (!row) throw notFound('product');
  return row;
}

/** A product as clients see it. @throws AppError `not-found` */
export async function readProduct(sql: Sql, { mode, sku }: ProductRef): Promise<ProductView> {
  const [row] = await sql.rows<ProductRow>(
    `SELECT ${PRODUCT} FROM products JOIN stock ON product_id = products.id
     WHERE mode = $1 AND lower(sku) = lower($2)`,
    [mode, sku],
  );
  if (!row) throw notFound('product');
  return toProductView(row);
}

/** The level of a product as clients see it. @throws AppError `not-found` */
export async function readStock(sql: Sql, { mode, sku }: ProductRef): Promise<StockView> {
  const [row] = await sql.rows<{
    sku: string;
    on_hand: number;
    available: number;
    version: number;
  }>(
    `SELECT sku, on_hand, stock.version, ${AVAILABLE}
     FROM products JOIN stock ON product_id = products.id
     WHERE mode = $1 AND lower(sku) = lower($2)`,
    [mode, sku],
  );
  if (!row) throw notFound('product');
  const { on_hand: onHand, available, version } = row;
  return { sku: row.sku, onHand, reserved: onHand - available, available, version };
}

export function toProductView(row: ProductRow): ProductView {
  return {
    sku: row.sku,
    name: row.name,
    description: row.description,
    price: { amount: Number(row.price_amount), currency: row.price_currency },
    attributes: row.attributes,
    status: row.status,
    available: row.available,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    version: row.version,
  };
}
