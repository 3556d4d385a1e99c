import { type Comparison, compareWithin } from './comparison.js';
import type { Findings } from './report.js';
import type { Rule, Snapshot } from './snapshots.js';
import { instant, numberIn, publicId } from './sql.js';

/** SQL of the units that an event of an order is about. */
const UNITS = `(SELECT sum(units::numeric)
          FROM jsonb_path_query(payload, 'lax $.items[*].quantity ? (@.type() == "number")') AS units)`;

/**
 * What each order's events say of it, in one row per stream, by their versions and not by their times: clocks of processes
 * differ. Amounts in minor units, `ordered` to `returned` in units.
 */
export const FOLDED_ORDERS = `(
  SELECT id, version, created_at, updated_at, placed, placed_by, paid, refunded,
    CASE WHEN shipped > 0 AND shipped = ordered THEN 'completed' ELSE decided END AS status,
    CASE WHEN paid = 0 THEN 'none'
      WHEN refunded > 0 THEN CASE WHEN refunded < paid THEN 'partially_refunded' ELSE 'refunded' END
      WHEN paid < ${numberIn('placed', '$.total.amount')} THEN 'authorized'
      ELSE 'captured' END AS payment_status,
    CASE WHEN returned > 0 AND returned = ordered THEN 'returned'
      WHEN shipped = 0 THEN 'unfulfilled'
      WHEN shipped < ordered THEN 'partial'
      ELSE 'fulfilled' END AS fulfillment_status
  FROM (
    SELECT stream_id AS id, max(version) AS version,
      (array_agg(payload ORDER BY version))[1] AS placed,
      (array_agg(metadata->'actor' ORDER BY version))[1] AS placed_by,
      (array_agg(occurred_at ORDER BY version))[1] AS created_at,
      (array_agg(occurred_at ORDER BY version DESC))[1] AS updated_at,
      (array_agg(status ORDER BY version DESC) FILTER (WHERE status IS NOT NULL))[1] AS decided,
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
        ${numberIn('payload', '$.amount.amount')} AS amount,
        ${UNITS} AS units
      FROM events
    ) AS told GROUP BY stream_id
  ) AS summed)`;

const ROWS: Comparison = {
  invariant: 'order-row-is-fold-of-events',
  table: 'orders',
  told: `SELECT id, jsonb_build_object(
      'number', placed->'number', 'user_id', placed_by->'userId', 'mode', placed_by->'mode', 'status', status,
      'payment_status', payment_status, 'fulfillment_status', fulfillment_status, 'currency', placed->'currency',
      'total_amount', placed->'total'->'amount', 'paid_amount', paid, 'refunded_amount', refunded,
      'shipping_address', placed->'shippingAddress', 'metadata', placed->'metadata',
      'expires_at', CASE WHEN status IN ('pending', 'expired') THEN placed->'expiresAt' END,
      'version', version, 'created_at', ${instant('created_at')}, 'updated_at', ${instant('updated_at')}) AS document
    FROM ${FOLDED_ORDERS} AS folded WHERE status IS DISTINCT FROM 'voided'`,
  kept: `SELECT id, to_jsonb(orders) - 'id' || jsonb_build_object(
      'number', number::text, 'user_id', ${publicId('usr', 'user_id')}, 'expires_at', ${instant('expires_at')},
      'created_at', ${instant('created_at')}, 'updated_at', ${instant('updated_at')}) AS document
    FROM orders`,
};

/** Units of an order that events of one type tell of, by SKU: lines of an order are of different products. */
function unitsOf(type: string): string {
  return `SELECT stream_id, item->>'sku' AS sku, sum(${numberIn('item', '$.quantity')}) AS units
      FROM events CROSS JOIN LATERAL jsonb_path_query(payload, 'lax $.items[*]') AS item
      WHERE type = '${type}' GROUP BY stream_id, item->>'sku'`;
}

const LINES: Comparison = {
  invariant: 'order-lines-are-those-of-events',
  table: 'order_lines',
  told: `SELECT stream_id AS id, jsonb_object_agg('line ' || nth, jsonb_build_object(
      'sku', item->'sku', 'name', item->'name', 'quantity', item->'quantity',
      'unit_price_amount', item->'unitPrice'->'amount',
      'shipped', coalesce(shipped.units, 0), 'returned', coalesce(returned.units, 0))) AS document
    FROM (
      SELECT stream_id, nth, item, item->>'sku' AS sku FROM events
      CROSS JOIN LATERAL jsonb_path_query(payload, 'lax $.items[*]') WITH ORDINALITY AS items(item, nth)
      WHERE type = 'order.placed') AS placed
    LEFT JOIN (${unitsOf('order.fulfilled')}) AS shipped USING (stream_id, sku)
    LEFT JOIN (${unitsOf('order.returned')}) AS returned USING (stream_id, sku)
    GROUP BY stream_id`,
  kept: `SELECT order_id AS id,
      jsonb_object_agg('line ' || position, to_jsonb(order_lines) - 'order_id' - 'position') AS document
    FROM order_lines GROUP BY order_id`,
};

const RULES: readonly Rule[] = [
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

/** The rows that orders are read from say what the streams say, in every column. */
export async function verifyOrderReadModel(orders: Snapshot): Promise<Findings> {
  return {
    checked: {
      orders: await orders.count('orders'),
      orderLines: await orders.count('order_lines'),
    },
    violations: [
      ...(await compareWithin(orders, ROWS)),
      ...(await compareWithin(orders, LINES)),
      ...(await orders.violations(RULES)),
    ],
  };
}
