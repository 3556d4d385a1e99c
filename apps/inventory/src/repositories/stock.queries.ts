import { notFound } from '@flotilla/contracts/errors';
import type { EventActor } from '@flotilla/contracts/events';
import { toId } from '@flotilla/contracts/ids';
import type {
  ListMovementsRequest,
  MovementType,
  MovementView,
  SkuRequest,
  StockExplanation,
  StockView,
} from '@flotilla/contracts/inventory';
import { DEFAULT_PAGE_LIMIT, type Page } from '@flotilla/contracts/pages';
import { Cursors, position } from '@flotilla/runtime/cursor';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { findProduct, readStock } from './product-rows.js';
import { lockStock } from './stock-lock.js';

const MOVEMENTS = new Cursors('movements', position);

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

interface ExplainedRow {
  sku: string;
  on_hand: number;
  available: number;
  taking: {
    orderId: string;
    quantity: number;
    state: 'held' | 'committed';
    expiresAt: string | null;
  }[];
}

// What has expired is found once, so that all parts agree on it.
const EXPLAIN = `
  WITH product AS (
    SELECT id, sku, on_hand, available FROM products JOIN stock ON product_id = id
    WHERE mode = $1 AND lower(sku) = lower($2)
  ), expired AS MATERIALIZED (
    SELECT order_id FROM expired_holds JOIN reservation_lines USING (order_id) JOIN product ON product_id = id
  ), taking AS (
    SELECT order_id, taking, state, expires_at, held_at, order_id IN (SELECT order_id FROM expired) AS is_over
    FROM reservation_lines JOIN reservations USING (order_id) JOIN product ON product_id = id
    WHERE taking > 0
  )
  SELECT sku, on_hand,
    (available + coalesce((SELECT sum(taking) FROM taking WHERE is_over), 0))::int AS available,
    coalesce((
      SELECT json_agg(json_build_object(
        'orderId', order_id, 'quantity', taking, 'state', state, 'expiresAt', expires_at
      ) ORDER BY held_at, order_id) FROM taking WHERE NOT is_over), '[]') AS taking
  FROM product`;

/** What the stock of products looks like, and how it came to be so. */
@Injectable()
export class StockQueries {
  constructor(private readonly database: Database) {}

  /** @throws AppError `not-found` */
  stock(request: SkuRequest): Promise<StockView> {
    return readStock(this.database, request);
  }

  /**
   * Who takes the units that are reserved, oldest first; all of one moment, so that the quantities sum to `reserved`.
   * @throws AppError `not-found`
   */
  async explain({ mode, sku }: SkuRequest): Promise<StockExplanation> {
    const [row] = await this.database.rows<ExplainedRow>(EXPLAIN, [mode, sku]);
    if (!row) throw notFound('product');
    const { on_hand: onHand, available } = row;
    return {
      sku: row.sku,
      onHand,
      reserved: onHand - available,
      available,
      taking: row.taking.map(({ orderId, expiresAt, ...units }) => ({
        orderId: toId('ord', orderId),
        ...units,
        expiresAt: expiresAt && new Date(expiresAt).toISOString(),
      })),
    };
  }

  /**
   * The ledger of a product, newest first; all of it sums to the level that is shown at the same moment.
   * @throws AppError `not-found`, `validation-failed` for a bad cursor
   */
  async movements(request: ListMovementsRequest): Promise<Page<MovementView>> {
    const { mode, sku, cursor, limit = DEFAULT_PAGE_LIMIT } = request;
    const [before] = MOVEMENTS.decode(cursor);
    const product = await findProduct(this.database, { mode, sku });
    if (before === null) await this.enterExpired(product.id);
    const rows = await this.database.rows<MovementRow>(
      `SELECT id, position, type, on_hand_delta, reserved_delta, order_id, reason, actor, occurred_at
       FROM movements WHERE product_id = $1 AND ($2::bigint IS NULL OR position < $2)
       ORDER BY position DESC LIMIT $3`,
      [product.id, before, limit + 1],
    );
    return MOVEMENTS.page(rows, limit, toMovementView, (row) => [row.position]);
  }

  /** Levels show what has expired as free before anything wrote so; the ledger cannot, so it is written now. */
  private async enterExpired(productId: string): Promise<void> {
    const expired = await this.database.rows(
      `SELECT FROM expired_holds JOIN reservation_lines USING (order_id)
       WHERE product_id = $1 AND taking > 0 LIMIT 1`,
      [productId],
    );
    if (expired.length > 0) await this.database.transaction((tx) => lockStock(tx, [productId]));
  }
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
