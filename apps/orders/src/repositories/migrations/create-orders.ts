import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The read model of the order streams, and the numbers of orders. Voided ids are in the streams only.
 * Numbers are drawn in blocks of a hundred, one round trip for each.
 */
export class CreateOrders1767225600010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SEQUENCE order_numbers START WITH 100000 INCREMENT BY 100');
    await runner.query(`
      CREATE TABLE orders (
        id                 uuid PRIMARY KEY,
        number             bigint NOT NULL UNIQUE,
        user_id            uuid NOT NULL,
        mode               text NOT NULL CHECK (mode IN ('live', 'test')),
        status             text NOT NULL
                           CHECK (status IN ('pending', 'confirmed', 'completed', 'cancelled', 'expired')),
        payment_status     text NOT NULL
                           CHECK (payment_status IN ('none', 'authorized', 'captured', 'partially_refunded', 'refunded')),
        fulfillment_status text NOT NULL
                           CHECK (fulfillment_status IN ('unfulfilled', 'partial', 'fulfilled', 'returned')),
        currency           text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        total_amount       bigint NOT NULL CHECK (total_amount >= 0),
        paid_amount        bigint NOT NULL CHECK (paid_amount <= total_amount),
        refunded_amount    bigint NOT NULL CHECK (refunded_amount BETWEEN 0 AND paid_amount),
        shipping_address   jsonb,
        metadata           jsonb NOT NULL,
        expires_at         timestamptz(3),
        version            integer NOT NULL CHECK (version > 0),
        created_at         timestamptz(3) NOT NULL,
        updated_at         timestamptz(3) NOT NULL,
        CHECK (status <> 'pending' OR expires_at IS NOT NULL)
      )`);
    await runner.query(
      'CREATE INDEX orders_of_user ON orders (mode, user_id, created_at DESC, id DESC)',
    );
    await runner.query('CREATE INDEX orders_newest ON orders (mode, created_at DESC, id DESC)');
    await runner.query("CREATE INDEX orders_due ON orders (expires_at) WHERE status = 'pending'");
    await runner.query(`
      CREATE TABLE order_lines (
        order_id          uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
        position          integer NOT NULL CHECK (position > 0),
        sku               text NOT NULL,
        name              text NOT NULL,
        quantity          integer NOT NULL CHECK (quantity BETWEEN 1 AND 10000),
        unit_price_amount bigint NOT NULL CHECK (unit_price_amount >= 0),
        shipped           integer NOT NULL CHECK (shipped <= quantity),
        returned          integer NOT NULL CHECK (returned BETWEEN 0 AND shipped),
        PRIMARY KEY (order_id, position)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE order_lines, orders');
    await runner.query('DROP SEQUENCE order_numbers');
  }
}
