import type { Findings } from './report.js';
import type { Rule, Snapshot } from './snapshots.js';

/**
 * What each order's events say of it, in one row per stream, by their versions and not by their times: clocks of processes
 * differ. Amounts in minor units, `ordered` to `returned` in units.
 */
export const FOLDED_ORDERS = `(
  SELECT id, version, created_at, updated_at, placed, paid, refunded, ordered, shipped, returned,
    CASE WHEN shipped > 0 AND shipped = ordered THEN 'completed' ELSE decided END AS status,
    CASE WHEN paid = 0 THEN 'none'
      WHEN refunded > 0 THEN CASE WHEN refunded < paid THEN 'partially_refunded' ELSE 'refunded' END
      WHEN paid < (placed->'total'->>'amount')::bigint THEN 'authorized'
      ELSE 'captured' END AS payment_status,
    CASE WHEN returned > 0 AND returned = ordered THEN 'returned'
      WHEN shipped = 0 THEN 'unfulfilled'
      WHEN shipped < ordered THEN 'partial'
      ELSE 'fulfilled' END AS fulfillment_status
  FROM (
    SELECT stream_id AS id, max(version) AS version,
      (array_agg(occurred_at ORDER BY version))[1] AS created_at,
      (array_agg(occurred_at ORDER BY version DESC))[1] AS updated_at,
      (array_agg(status ORDER BY version DESC) FILTER (WHERE status IS NOT NULL))[1] AS decided,
      (array_agg(payload ORDER BY version))[1] AS placed,
      coalesce(sum(amount) FILTER (WHERE type = 'order.paid'), 0) AS paid,
      coalesce(sum(amount) FILTER (WHERE type = 'order.refunded'), 0) AS refunded,
      coalesce(sum(units) FILTER (WHERE type = 'order.placed'), 0) AS ordered,
      coalesce(sum(units) FILTER (WHERE type = 'order.fulfilled'), 0) AS shipped,
      coalesce(sum(units) FILTER (WHERE type = 'order.returned'), 0) AS returned
    FROM (
      SELECT *, CASE type
        WHEN 'order.placed' THEN payload->>'status'
        WHEN 'order.confirmed' THEN 'confirmed'
        WHEN 'order.cancelled' THEN 'cancelled'
        WHEN 'order.expired' THEN 'expired'
        WHEN 'order.voided' THEN 'voided' END AS status,
        (payload->'amount'->>'amount')::bigint AS amount,
        (SELECT sum((item->>'quantity')::integer) FROM jsonb_array_elements(payload->'items') AS item) AS units
      FROM events
    ) AS told GROUP BY stream_id
  ) AS summed)`;

const AMOUNT = "(placed->'total'->>'amount')::bigint";

const RULES: readonly Rule[] = [
  {
    invariant: 'order-row-per-placed-stream',
    table: 'orders',
    sql: `SELECT coalesce(folded.id, orders.id) AS id,
        CASE WHEN orders.id IS NULL THEN format('its events make it %s, there is no row', folded.status)
          ELSE format('a row says %s, its events %s', orders.status, coalesce(folded.status, 'nothing')) END AS detail
      FROM ${FOLDED_ORDERS} AS folded FULL JOIN orders ON orders.id = folded.id
      WHERE (orders.id IS NULL) <> (folded.id IS NULL OR folded.status = 'voided')`,
  },
  {
    invariant: 'order-row-is-fold-of-events',
    table: 'orders',
    sql: `SELECT orders.id,
        format('row: %s, version %s, %s %s, number %s; events: %s, version %s, %s %s, number %s',
          orders.status, orders.version, total_amount, orders.currency, number,
          folded.status, folded.version, ${AMOUNT}, placed->>'currency', placed->>'number') AS detail
      FROM ${FOLDED_ORDERS} AS folded JOIN orders ON orders.id = folded.id
      WHERE orders.status <> folded.status OR orders.version <> folded.version OR total_amount <> ${AMOUNT}
        OR orders.currency <> placed->>'currency' OR number::text <> placed->>'number'
        OR orders.created_at <> folded.created_at OR orders.updated_at <> folded.updated_at`,
  },
  {
    invariant: 'order-money-and-goods-are-those-of-events',
    table: 'orders',
    sql: `SELECT orders.id,
        format('row: %s, paid %s, refunded %s, %s; events: %s, paid %s, refunded %s, %s',
          orders.payment_status, paid_amount, refunded_amount, orders.fulfillment_status,
          folded.payment_status, paid, refunded, folded.fulfillment_status) AS detail
      FROM ${FOLDED_ORDERS} AS folded JOIN orders ON orders.id = folded.id
      WHERE orders.payment_status <> folded.payment_status OR orders.fulfillment_status <> folded.fulfillment_status
        OR paid_amount <> paid OR refunded_amount <> refunded
        OR refunded > paid OR paid > ${AMOUNT} OR folded.returned > folded.shipped OR folded.shipped > folded.ordered`,
  },
  {
    invariant: 'line-units-are-those-of-events',
    table: 'order_lines',
    sql: `SELECT order_id AS id,
        format('%s: %s shipped, %s returned; events: %s and %s',
          sku, shipped, returned, coalesce(told.out, 0), coalesce(told.back, 0)) AS detail
      FROM order_lines LEFT JOIN (
        SELECT stream_id AS order_id, item->>'sku' AS sku,
          sum((item->>'quantity')::integer) FILTER (WHERE type = 'order.fulfilled') AS out,
          sum((item->>'quantity')::integer) FILTER (WHERE type = 'order.returned') AS back
        FROM events CROSS JOIN LATERAL jsonb_array_elements(payload->'items') AS item
        WHERE type IN ('order.fulfilled', 'order.returned')
        GROUP BY 1, 2) AS told USING (order_id, sku)
      WHERE shipped <> coalesce(told.out, 0) OR returned <> coalesce(told.back, 0)`,
  },
  {
    invariant: 'order-lines-are-those-placed',
    table: 'order_lines',
    sql: `SELECT orders.id, format('rows: %s; event: %s', coalesce(lines.list, 'none'), told.list) AS detail
      FROM orders JOIN events ON stream_id = orders.id AND events.version = 1
      LEFT JOIN LATERAL (
        SELECT string_agg(format('%s × %s at %s', quantity, sku, unit_price_amount), ', ' ORDER BY position) AS list
        FROM order_lines WHERE order_id = orders.id) AS lines ON true
      LEFT JOIN LATERAL (
        SELECT string_agg(format('%s × %s at %s', item->>'quantity', item->>'sku', item->'unitPrice'->>'amount'),
          ', ' ORDER BY position) AS list
        FROM jsonb_array_elements(payload->'items') WITH ORDINALITY AS items(item, position)) AS told ON true
      WHERE lines.list IS DISTINCT FROM told.list`,
  },
  {
    invariant: 'total-is-sum-of-lines',
    table: 'orders',
    sql: `SELECT id, format('total %s, lines sum to %s', total_amount, coalesce(lines.sum, 0)) AS detail
      FROM orders LEFT JOIN (
        SELECT order_id, sum(quantity * unit_price_amount) AS sum FROM order_lines GROUP BY order_id
      ) AS lines ON order_id = id
      WHERE total_amount <> coalesce(lines.sum, 0)`,
  },
];

/** The rows that orders are read from say what the streams say. */
export async function verifyOrderReadModel(orders: Snapshot): Promise<Findings> {
  return {
    checked: {
      orders: await orders.count('orders'),
      orderLines: await orders.count('order_lines'),
    },
    violations: await orders.violations(RULES),
  };
}
