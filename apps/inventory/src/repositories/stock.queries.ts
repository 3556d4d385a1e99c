import { notFound } from '@flotilla/contracts/errors';
import type { EventActor } from '@flotilla/contracts/events';
import { toId } from '@flotilla/contracts/ids';
import type {
  ListMovementsRequest,
  ListProductsRequest,
  MovementType,
  MovementView,
  ProductView,
  SkuRequest,
  StockView,
} from '@flotilla/contracts/inventory';
import { DEFAULT_PAGE_LIMIT, type Page } from '@flotilla/contracts/pages';
import { decodeCursor, instant, pageOf, position, uuid } from '@flotilla/runtime/cursor';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';

/** Units that may be taken now: what expired holds still take counts as free, swept or not. */
const AVAILABLE = `(stock.available + coalesce((
  SELECT sum(taking) FROM expired_holds JOIN reservation_lines USING (order_id)
  WHERE reservation_lines.product_id = stock.product_id AND taking > 0), 0))::int AS available`;
const PRODUCT = `products.id, sku, name, description, price_amount, price_currency, attributes, status,
  created_at, updated_at, products.version, ${AVAILABLE}`;

interface ProductRow {
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

interface MovementRow {
  id: string;
  position: string;
  type: MovementType;
  on_hand_delta: number;
  reserved_delta: number;
  order_id: string | null;
  reason: string | null;
  actor: EventActor;
  occurred_at: Date;
}

/** What the catalogue and the stock look like; decides nothing. */
@Injectable()
export class StockQueries {
  constructor(private readonly database: Database) {}

  /** @throws AppError `not-found` */
  async product({ mode, sku }: SkuRequest): Promise<ProductView> {
    const [row] = await this.database.rows<ProductRow>(
      `SELECT ${PRODUCT} FROM products JOIN stock ON product_id = products.id
       WHERE mode = $1 AND lower(sku) = lower($2)`,
      [mode, sku],
    );
    if (!row) throw notFound('product');
    return toProductView(row);
  }

  /** Active products, newest first. @throws AppError `validation-failed` for a bad cursor */
  async products(request: ListProductsRequest): Promise<Page<ProductView>> {
    const { mode, search, cursor, limit = DEFAULT_PAGE_LIMIT } = request;
    const rows = await this.database.rows<ProductRow>(
      `SELECT ${PRODUCT} FROM products JOIN stock ON product_id = products.id
       WHERE mode = $1 AND status = 'active'
         AND ($2::text IS NULL OR sku ILIKE $2 OR name ILIKE $2)
         AND ($3::timestamptz IS NULL OR (created_at, products.id) < ($3, $4::uuid))
       ORDER BY created_at DESC, products.id DESC LIMIT $5`,
      [
        mode,
        search === undefined ? null : containing(search),
        ...decodeCursor(cursor, [instant, uuid]),
        limit + 1,
      ],
    );
    return pageOf(rows, limit, toProductView, (row) => [row.created_at.toISOString(), row.id]);
  }

  /** @throws AppError `not-found` */
  async stock({ mode, sku }: SkuRequest): Promise<StockView> {
    const [row] = await this.database.rows<{
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

  /** The ledger of a product, newest first. @throws AppError `not-found`, `validation-failed` for a bad cursor */
  async movements(request: ListMovementsRequest): Promise<Page<MovementView>> {
    const { mode, sku, cursor, limit = DEFAULT_PAGE_LIMIT } = request;
    const [before] = decodeCursor(cursor, [position]);
    const [product] = await this.database.rows<{ id: string }>(
      'SELECT id FROM products WHERE mode = $1 AND lower(sku) = lower($2)',
      [mode, sku],
    );
    if (!product) throw notFound('product');
    const rows = await this.database.rows<MovementRow>(
      `SELECT id, position, type, on_hand_delta, reserved_delta, order_id, reason, actor, occurred_at
       FROM movements WHERE product_id = $1 AND ($2::bigint IS NULL OR position < $2)
       ORDER BY position DESC LIMIT $3`,
      [product.id, before, limit + 1],
    );
    return pageOf(rows, limit, toMovementView, (row) => [row.position]);
  }
}

/** A LIKE pattern for texts with this one somewhere in them, in which no character is a wildcard. */
function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}

function toProductView(row: ProductRow): ProductView {
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

function toMovementView(row: MovementRow): MovementView {
  return {
    id: toId('mov', row.id),
    type: row.type,
    onHandDelta: row.on_hand_delta,
    reservedDelta: row.reserved_delta,
    ...(row.order_id !== null && { orderId: toId('ord', row.order_id) }),
    ...(row.reason !== null && { reason: row.reason }),
    actor: row.actor,
    occurredAt: row.occurred_at.toISOString(),
  };
}
