/** A thousand products with more stock than can be sold, as the import writes them. */
export const CATALOGUE = `
  INSERT INTO inventory.products (id, mode, sku, name, price_amount, price_currency)
  SELECT md5('product ' || n)::uuid, 'live', 'BENCH-' || n, 'Bench', 1999, 'EUR' FROM generate_series(1, $products) AS n;
  INSERT INTO inventory.stock (product_id, on_hand, available) SELECT id, 1000000000, 1000000000 FROM inventory.products`;

/**
 * An order of one line, by pgbench: the rows that inventory writes when it holds the stock, committed, and the rows that
 * orders writes when it decides, committed. Each statement writes what the services' own statement writes for one order;
 * they know their values beforehand here, so nothing is read. What follows an order (publishing its event, the consumers)
 * is no part of it.
 */
export const ORDER = `
\\set order random(1, 9000000000000000000)
\\set product random(1, $products)
BEGIN;
UPDATE inventory.stock SET available = available - 1, version = version + 1
  WHERE product_id = md5('product ' || :product)::uuid AND available >= 1;
INSERT INTO inventory.reservations (order_id, mode, request_hash, state)
  VALUES (md5('order ' || :order)::uuid, 'live', sha256('request'), 'held');
INSERT INTO inventory.reservation_lines
  (order_id, position, product_id, sku, name, quantity, unit_price_amount, unit_price_currency, taking)
  VALUES (md5('order ' || :order)::uuid, 0, md5('product ' || :product)::uuid, 'BENCH-' || :product, 'Bench', 1, 1999, 'EUR', 1);
INSERT INTO inventory.movements (id, product_id, type, on_hand_delta, reserved_delta, order_id, actor)
  VALUES (md5('movement ' || :order)::uuid, md5('product ' || :product)::uuid, 'reserve', 0, 1,
    md5('order ' || :order)::uuid, '{"mode": "live", "keyId": "key_01h455vb4pex5vsknk084sn02q", "userId": "usr_01h455vb4pex5vsknk084sn02q"}');
COMMIT;
BEGIN;
INSERT INTO orders.events (stream_id, version, id, subject, type, payload, metadata, occurred_at)
  VALUES (md5('order ' || :order)::uuid, 1, md5('event ' || :order)::uuid, 'ord_' || :order, 'order.placed',
    '{"total": {"amount": 1999, "currency": "EUR"}, "items": [{"sku": "BENCH-1", "name": "Bench", "quantity": 1, "unitPrice": {"amount": 1999, "currency": "EUR"}, "total": {"amount": 1999, "currency": "EUR"}}], "number": "100000", "status": "confirmed", "currency": "EUR", "metadata": {"bench": "bench-1-orders-0-1"}, "expiresAt": null, "requestHash": "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9", "shippingAddress": null}',
    '{"actor": {"mode": "live", "keyId": "key_01h455vb4pex5vsknk084sn02q", "userId": "usr_01h455vb4pex5vsknk084sn02q"}, "requestId": "5feceb66-ffc8-4f38-9952-786c6d696c79", "traceparent": "00-5feceb66ffc86f38d952786c6d696c79-5feceb66ffc86f38-00"}',
    now());
INSERT INTO orders.orders (id, number, user_id, mode, status, payment_status, fulfillment_status, currency, total_amount,
    paid_amount, refunded_amount, metadata, version, created_at, updated_at)
  VALUES (md5('order ' || :order)::uuid, :order, md5('user')::uuid, 'live', 'confirmed', 'none', 'unfulfilled', 'EUR', 1999,
    0, 0, '{"bench": "bench-1-orders-0-1"}', 1, now(), now());
INSERT INTO orders.order_lines (order_id, position, sku, name, quantity, unit_price_amount, shipped, returned)
  VALUES (md5('order ' || :order)::uuid, 1, 'BENCH-' || :product, 'Bench', 1, 1999, 0, 0);
COMMIT;
`;
