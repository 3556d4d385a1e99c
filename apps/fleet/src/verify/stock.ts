import { type Comparison, compareWithin } from './comparison.js';
import type { Findings } from './report.js';
import type { Rule, Snapshot } from './snapshots.js';
import { instantInside } from './sql.js';

const LEVELS = 'stock JOIN products ON products.id = product_id';

const RULES: readonly Rule[] = [
  {
    invariant: 'stock-within-bounds',
    table: 'stock',
    sql: `SELECT product_id AS id, format('%s: available %s of %s on hand', sku, available, on_hand) AS detail
      FROM ${LEVELS} WHERE available < 0 OR available > on_hand`,
  },
  {
    invariant: 'product-has-stock',
    table: 'products',
    sql: `SELECT id, format('%s has no stock row', sku) AS detail
      FROM products WHERE NOT EXISTS (SELECT 1 FROM stock WHERE product_id = products.id)`,
  },
  {
    invariant: 'movements-sum-to-level',
    table: 'stock',
    sql: `SELECT product_id AS id,
        format('%s: %s on hand and %s reserved, the ledger sums to %s and %s',
          sku, stock.on_hand, stock.on_hand - available, coalesce(moved.on_hand, 0), coalesce(moved.reserved, 0)) AS detail
      FROM ${LEVELS} LEFT JOIN (
        SELECT product_id, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved
        FROM movements GROUP BY product_id) AS moved(product_id, on_hand, reserved) USING (product_id)
      WHERE coalesce(moved.on_hand, 0) <> stock.on_hand
        OR coalesce(moved.reserved, 0) <> stock.on_hand - available`,
  },
  {
    invariant: 'reservations-sum-to-reserved',
    table: 'stock',
    sql: `SELECT product_id AS id,
        format('%s: %s reserved, reservations take %s', sku, on_hand - available, coalesce(units, 0)) AS detail
      FROM ${LEVELS} LEFT JOIN (
        SELECT product_id, sum(taking) AS units FROM reservation_lines GROUP BY product_id) AS taken USING (product_id)
      WHERE coalesce(units, 0) <> on_hand - available`,
  },
  {
    invariant: 'reservation-takes-what-its-state-says',
    table: 'reservation_lines',
    sql: `SELECT order_id AS id,
        format('%s: %s, takes %s of %s', sku, state, taking, quantity) AS detail
      FROM reservations JOIN reservation_lines USING (order_id)
      WHERE taking NOT BETWEEN 0 AND quantity
        OR (state = 'released' AND taking > 0)
        OR (state = 'held' AND taking < quantity)`,
  },
  {
    // One write may move a product several times, and counts once.
    invariant: 'stock-version-counts-changes',
    table: 'stock',
    sql: `SELECT product_id AS id, format('%s: version %s after %s changes', sku, stock.version, changes) AS detail
      FROM ${LEVELS} CROSS JOIN LATERAL (
        SELECT count(*) AS changes FROM movements WHERE movements.product_id = stock.product_id
          AND (on_hand_delta, reserved_delta) <> (0, 0)) AS moved
      WHERE stock.version NOT BETWEEN least(changes, 1) AND changes`,
  },
  {
    invariant: 'threshold-is-that-of-product',
    table: 'stock',
    sql: `SELECT product_id AS id, format('%s: low at %s, its attributes say %s', sku, low_at,
        coalesce(attributes->>'lowStockThreshold', 'nothing')) AS detail
      FROM ${LEVELS} WHERE to_jsonb(low_at) <> coalesce(attributes->'lowStockThreshold', '5')`,
  },
  {
    invariant: 'movement-fits-its-type',
    table: 'movements',
    sql: `SELECT id, format('%s of %s on hand and %s reserved, order %s', type, on_hand_delta, reserved_delta,
        coalesce(order_id::text, 'none')) AS detail
      FROM movements WHERE NOT CASE type
        WHEN 'receipt' THEN order_id IS NULL AND on_hand_delta > 0 AND reserved_delta = 0
        WHEN 'adjustment' THEN order_id IS NULL AND on_hand_delta <> 0 AND reserved_delta = 0
        WHEN 'reserve' THEN order_id IS NOT NULL AND on_hand_delta = 0 AND reserved_delta > 0
        WHEN 'release' THEN order_id IS NOT NULL AND on_hand_delta = 0 AND reserved_delta < 0
        WHEN 'commit' THEN order_id IS NOT NULL AND on_hand_delta = 0 AND reserved_delta = 0
        WHEN 'ship' THEN order_id IS NOT NULL AND on_hand_delta < 0 AND reserved_delta = on_hand_delta
        WHEN 'return' THEN order_id IS NOT NULL AND on_hand_delta >= 0 AND reserved_delta = 0
        ELSE false END`,
  },
  {
    // Its id is a UUIDv7, made by a service a moment before; clocks of two machines may differ.
    invariant: 'movement-is-dated-as-its-id',
    table: 'movements',
    sql: `SELECT id, format('dated %s, its id %s', occurred_at, ${instantInside('id')}) AS detail
      FROM movements WHERE abs(extract(epoch FROM occurred_at - ${instantInside('id')})) > 60`,
  },
];

/** All that was ever moved for an order, against what its reservation says. */
const LEDGER: Comparison = {
  invariant: 'ledger-tells-reservations',
  table: 'reservation_lines',
  told: `SELECT order_id AS id, jsonb_object_agg(product_id, entry) AS document FROM (
      SELECT order_id, product_id, jsonb_build_object(
        'state', CASE string_agg(type, ' ' ORDER BY position) FILTER (WHERE type NOT IN ('ship', 'return'))
          WHEN 'reserve' THEN 'held'
          WHEN 'reserve commit' THEN 'committed'
          WHEN 'reserve release' THEN 'released'
          WHEN 'reserve commit release' THEN 'released'
          -- Ran out in a database that was restored from a backup, and was taken again.
          WHEN 'reserve release reserve commit' THEN 'committed'
          WHEN 'reserve release reserve commit release' THEN 'released'
          ELSE 'after ' || string_agg(type, ' ' ORDER BY position) END,
        'quantity', max(reserved_delta) FILTER (WHERE type = 'reserve'),
        'taking', sum(reserved_delta)) AS entry
      FROM movements WHERE order_id IS NOT NULL GROUP BY order_id, product_id
    ) AS moved GROUP BY order_id`,
  kept: `SELECT order_id AS id, jsonb_object_agg(product_id, jsonb_build_object(
      'state', state, 'quantity', quantity, 'taking', taking)) AS document
    FROM reservation_lines JOIN reservations USING (order_id) GROUP BY order_id`,
};

/** Events tell of a product when it was counted; of its name, price, description and attributes there is no second source. */
const PRODUCTS: Comparison = {
  invariant: 'product-is-that-of-its-events',
  table: 'products',
  told: `SELECT stream_id AS id, jsonb_build_object(
      'sku', (array_agg(payload->'sku' ORDER BY version DESC))[1],
      'mode', (array_agg(metadata->'actor'->'mode' ORDER BY version DESC))[1],
      'counted', sum((payload->'delta')::numeric)) AS document
    FROM events WHERE type = 'stock.adjusted' GROUP BY stream_id`,
  kept: `SELECT id, jsonb_build_object('sku', sku, 'mode', mode, 'counted', coalesce(counted, 0)) AS document
    FROM products LEFT JOIN (
      SELECT product_id AS id, sum(on_hand_delta) AS counted FROM movements
      WHERE type IN ('receipt', 'adjustment') GROUP BY product_id) AS moved USING (id)
    WHERE counted <> 0 OR EXISTS (
      SELECT 1 FROM events WHERE stream_id = products.id AND type = 'stock.adjusted')`,
};

/** Levels, ledger, reservations and events of inventory agree with each other. */
export async function verifyStock(inventory: Snapshot): Promise<Findings> {
  return {
    checked: {
      products: await inventory.count('products'),
      movements: await inventory.count('movements'),
    },
    violations: [
      ...(await inventory.violations(RULES)),
      ...(await compareWithin(inventory, LEDGER)),
      ...(await compareWithin(inventory, PRODUCTS)),
    ],
  };
}
