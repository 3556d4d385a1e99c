/** The rows that are corrupted, by uuid. */
export interface Ids {
  confirmed: string;
  cancelled: string;
  held: string;
  key: string;
  revoked: string;
  user: string;
  product: string;
  /** Of the order that is confirmed. */
  placedEvent: string;
  adjustedEvent: string;
  /** The movement that took stock for the order that is confirmed. */
  reserve: string;
}

/** What somebody does to rows by hand (`:name` is one of `Ids`), and what is found: the invariant, and the row. */
export interface Corruption {
  service: string;
  table: string;
  /** `SET … WHERE …` or `DELETE WHERE …` */
  statement: string;
  invariant: string;
  id: keyof Ids;
}

/** Statements over one table that break one rule for one row. */
function after(
  [service, table, invariant, id]: [string, string, string, keyof Ids],
  ...statements: string[]
): Corruption[] {
  return statements.map((statement) => ({ service, table, statement, invariant, id }));
}

/** Every way in which rows are known to go wrong by hand: one row each. */
export const CORRUPTIONS: readonly Corruption[] = [
  ...after(
    ['orders', 'events', 'known-event-type', 'placedEvent'],
    "SET type = 'order.lost' WHERE id = :placedEvent",
  ),
  ...after(
    ['orders', 'events', 'subject-names-stream', 'placedEvent'],
    "SET subject = 'ord_else' WHERE id = :placedEvent",
  ),
  ...after(
    ['orders', 'events', 'order-row-is-fold-of-events', 'confirmed'],
    `SET metadata = jsonb_set(metadata, '{actor,userId}', '"usr_else"') WHERE id = :placedEvent`,
    "SET occurred_at = occurred_at + interval '1 s' WHERE id = :placedEvent",
  ),
  ...after(
    ['orders', 'events', 'feed-is-what-was-told', 'placedEvent'],
    `SET metadata = jsonb_set(metadata, '{actor,keyId}', '"key_else"') WHERE id = :placedEvent`,
  ),
  ...after(
    ['orders', 'events', 'order-lines-are-those-of-events', 'confirmed'],
    "SET payload = jsonb_set(payload, '{items}', '7') WHERE id = :placedEvent",
  ),
  ...after(
    ['orders', 'events', 'order-row-is-fold-of-events', 'cancelled'],
    'DELETE WHERE stream_id = :cancelled AND version = 2',
  ),
  ...after(
    ['inventory', 'events', 'feed-is-what-was-told', 'adjustedEvent'],
    'DELETE WHERE id = :adjustedEvent',
    "SET subject = 'ELSE' WHERE id = :adjustedEvent",
  ),
  ...after(
    ['inventory', 'events', 'product-is-that-of-its-events', 'product'],
    `SET payload = payload || '{"delta": 7}' WHERE id = :adjustedEvent`,
  ),
  ...after(
    ['orders', 'orders', 'order-row-is-fold-of-events', 'confirmed'],
    'SET number = 7 WHERE id = :confirmed',
    'SET user_id = gen_random_uuid() WHERE id = :confirmed',
    "SET mode = 'test' WHERE id = :confirmed",
    "SET status = 'completed' WHERE id = :confirmed",
    'SET paid_amount = 1 WHERE id = :confirmed',
    "SET payment_status = 'captured' WHERE id = :confirmed",
    "SET fulfillment_status = 'fulfilled' WHERE id = :confirmed",
    "SET currency = 'USD' WHERE id = :confirmed",
    'SET total_amount = total_amount + 1 WHERE id = :confirmed',
    `SET shipping_address = '{"city": "Elsewhere"}' WHERE id = :confirmed`,
    `SET metadata = '{"note": "changed"}' WHERE id = :confirmed`,
    'SET expires_at = now() WHERE id = :confirmed',
    'SET version = version + 1 WHERE id = :confirmed',
    "SET created_at = created_at - interval '1 ms' WHERE id = :confirmed",
    "SET updated_at = updated_at + interval '1 ms' WHERE id = :confirmed",
  ),
  ...after(
    ['orders', 'orders', 'order-row-is-fold-of-events', 'held'],
    "SET expires_at = expires_at + interval '1 hour' WHERE id = :held",
    'DELETE WHERE id = :held',
  ),
  ...after(
    ['orders', 'order_lines', 'order-lines-are-those-of-events', 'confirmed'],
    "SET name = 'Else' WHERE order_id = :confirmed",
    "SET sku = 'ELSE' WHERE order_id = :confirmed",
    'SET quantity = quantity + 1 WHERE order_id = :confirmed',
    'SET unit_price_amount = 1 WHERE order_id = :confirmed',
    'SET shipped = shipped + 1 WHERE order_id = :confirmed',
    'SET position = 9 WHERE order_id = :confirmed',
    'DELETE WHERE order_id = :confirmed',
  ),
  ...after(
    ['inventory', 'stock', 'movements-sum-to-level', 'product'],
    'SET available = available - 1 WHERE product_id = :product',
  ),
  ...after(
    ['inventory', 'stock', 'threshold-is-that-of-product', 'product'],
    'SET low_at = 0 WHERE product_id = :product',
  ),
  ...after(
    ['inventory', 'stock', 'stock-version-counts-changes', 'product'],
    'SET version = version + 100 WHERE product_id = :product',
  ),
  ...after(
    ['inventory', 'products', 'product-is-that-of-its-events', 'product'],
    "SET mode = 'test' WHERE id = :product",
    "SET sku = 'ELSE' WHERE id = :product",
  ),
  ...after(
    ['inventory', 'movements', 'movement-fits-its-type', 'reserve'],
    "SET type = 'commit' WHERE id = :reserve",
  ),
  ...after(
    ['inventory', 'movements', 'ledger-tells-reservations', 'confirmed'],
    'SET order_id = gen_random_uuid() WHERE id = :reserve',
    "DELETE WHERE order_id = :confirmed AND type = 'commit'",
  ),
  ...after(
    ['inventory', 'movements', 'movement-is-dated-as-its-id', 'reserve'],
    "SET occurred_at = occurred_at - interval '2 min' WHERE id = :reserve",
  ),
  ...after(
    ['inventory', 'reservations', 'reservation-follows-order', 'confirmed'],
    "SET state = 'released' WHERE order_id = :confirmed",
    'SET request_hash = sha256(request_hash) WHERE order_id = :confirmed',
  ),
  ...after(
    ['inventory', 'reservations', 'reservation-follows-order', 'held'],
    'SET expires_at = NULL WHERE order_id = :held',
    'DELETE WHERE order_id = :held',
  ),
  ...after(
    ['inventory', 'reservation_lines', 'reservation-follows-order', 'held'],
    "SET name = 'Else' WHERE order_id = :held",
  ),
  ...after(
    ['inventory', 'inbox', 'inbox-is-what-was-told', 'placedEvent'],
    'SET version = 7 WHERE event_id = :placedEvent',
  ),
  ...after(
    ['api-keys', 'api_keys', 'api-key-is-fold-of-events', 'revoked'],
    'SET revoked_at = NULL WHERE id = :revoked',
  ),
  ...after(
    ['api-keys', 'api_keys', 'api-key-is-fold-of-events', 'key'],
    'SET revoked_at = now() WHERE id = :key',
    "SET permissions = permissions || ARRAY['users:admin'] WHERE id = :key",
    "SET mode = 'test' WHERE id = :key",
    'SET user_id = gen_random_uuid() WHERE id = :key',
    'DELETE WHERE id = :key',
  ),
  ...after(
    ['identity', 'accounts', 'account-is-fold-of-events', 'user'],
    "SET role = 'customer' WHERE id = :user",
    "SET email = 'else@example.com' WHERE id = :user",
    'SET disabled_at = now() WHERE id = :user',
    'DELETE WHERE id = :user',
  ),
  ...after(
    ['users', 'profiles', 'profile-is-that-registered', 'user'],
    "SET email = 'else@example.com' WHERE user_id = :user",
    "SET created_at = created_at + interval '1 s' WHERE user_id = :user",
  ),
  ...after(
    ['users', 'profiles', 'profile-per-registered-user', 'user'],
    'DELETE WHERE user_id = :user',
  ),
  ...after(
    ['notifications', 'feed', 'feed-has-what-was-heard', 'placedEvent'],
    'DELETE WHERE event_id = :placedEvent',
  ),
  ...after(
    ['notifications', 'feed', 'feed-is-what-was-told', 'placedEvent'],
    `SET envelope = jsonb_set(envelope, '{data,currency}', '"USD"') WHERE event_id = :placedEvent`,
  ),
];
