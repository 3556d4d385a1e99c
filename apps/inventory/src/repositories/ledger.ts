import { AppError } from '@flotilla/contracts/errors';
import { newUuid } from '@flotilla/contracts/ids';
import { EventStreams } from '@flotilla/event-store/event-streams';
import type { Transaction } from '@flotilla/runtime/database';
import type { Movement } from '../domain/movement.js';
import { type LevelChange, type StockNews, stockNews } from '../domain/stock-news.js';

/**
 * Writes movements, changes the levels by them, in one statement, and announces what others should hear of it. Nothing
 * else changes a level, so that the ledger sums to it. Whoever changes a level has locked it (`lockStock`).
 */
export async function recordMovements(
  tx: Transaction,
  movements: readonly Movement[],
): Promise<void> {
  if (movements.length === 0) return;
  const changes = await tx.rows<LevelChange>(
    `WITH entries AS (
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::int[], $6::uuid[], $7::text[], $8::jsonb[])
         WITH ORDINALITY AS entry(id, product_id, type, on_hand_delta, reserved_delta, order_id, reason, actor, nth)
     ), sums AS (
       SELECT product_id, sum(on_hand_delta)::int AS on_hand, sum(reserved_delta)::int AS reserved
       FROM entries WHERE (on_hand_delta, reserved_delta) <> (0, 0) GROUP BY product_id
     ), written AS (
       INSERT INTO movements (id, product_id, type, on_hand_delta, reserved_delta, order_id, reason, actor)
       SELECT id, product_id, type, on_hand_delta, reserved_delta, order_id, reason, actor
       FROM entries ORDER BY nth
     )
     UPDATE stock
     SET on_hand = stock.on_hand + sums.on_hand,
         available = stock.available + sums.on_hand - sums.reserved,
         version = stock.version + 1
     FROM sums WHERE stock.product_id = sums.product_id
     RETURNING stock.product_id AS "productId", stock.on_hand AS "onHand", available, low_at AS "lowAt",
       available - sums.on_hand + sums.reserved AS "availableBefore"`,
    [
      movements.map(() => newUuid()),
      movements.map(({ productId }) => productId),
      movements.map(({ type }) => type),
      movements.map(({ onHandDelta }) => onHandDelta),
      movements.map(({ reservedDelta }) => reservedDelta),
      movements.map(({ orderId }) => orderId ?? null),
      movements.map(({ reason }) => reason ?? null),
      movements.map(({ by }) => JSON.stringify(by)),
    ],
  );
  await announce(tx, stockNews(movements, changes));
}

/** The locks on the stock keep everybody else out of these streams. */
async function announce(tx: Transaction, news: readonly StockNews[]): Promise<void> {
  if (news.length === 0) return;
  const rows = await tx.rows<{ id: string; sku: string; version: number }>(
    `SELECT id, sku,
       (SELECT coalesce(max(version), 0) FROM events WHERE stream_id = products.id) AS version
     FROM products WHERE id = ANY($1::uuid[])`,
    [news.map(({ productId }) => productId)],
  );
  const streams = new Map(rows.map((row) => [row.id, row]));
  const written = await new EventStreams(tx).appendMany(
    news.map(({ productId: id, by: actor, events }) => {
      const { sku, version: expectedVersion } = streams.get(id)!;
      return {
        stream: { id, subject: sku },
        expectedVersion,
        events: events.map(({ type, data }) => ({ type, data: { sku, ...data } })),
        options: { actor },
      };
    }),
  );
  if (written.includes(null))
    throw new AppError('version-conflict', 'The stock changed meanwhile.');
}
