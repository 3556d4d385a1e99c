import type { Findings } from './report.js';
import type { Rule, Snapshot } from './snapshots.js';

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
];

/** Levels, ledger and reservations of inventory agree with each other. */
export async function verifyStock(inventory: Snapshot): Promise<Findings> {
  return {
    checked: {
      products: await inventory.count('products'),
      movements: await inventory.count('movements'),
    },
    violations: await inventory.violations(RULES),
  };
}
