import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Products, their stock, who has taken it, and the ledger of every movement. */
export class CreateInventory1767312000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Milliseconds, so that a cursor holds exactly what is stored.
    await runner.query(`
      CREATE TABLE products (
        id             uuid PRIMARY KEY,
        mode           text NOT NULL CHECK (mode IN ('live', 'test')),
        sku            text NOT NULL,
        name           text NOT NULL,
        description    text,
        price_amount   bigint NOT NULL CHECK (price_amount >= 0),
        price_currency text NOT NULL CHECK (price_currency ~ '^[A-Z]{3}$'),
        attributes     jsonb NOT NULL DEFAULT '{}',
        status         text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'archived')),
        version        integer NOT NULL DEFAULT 1,
        created_at     timestamptz(3) NOT NULL DEFAULT now(),
        updated_at     timestamptz(3) NOT NULL DEFAULT now(),
        search         tsvector NOT NULL GENERATED ALWAYS AS
                         (to_tsvector('simple', sku || ' ' || name || ' ' || coalesce(description, ''))) STORED
      )`);
    await runner.query('CREATE UNIQUE INDEX products_sku ON products (mode, lower(sku))');
    await runner.query('CREATE INDEX products_newest ON products (mode, created_at DESC, id DESC)');

    // Words by full text; parts of words, and mistyped ones, by trigrams.
    await runner.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    await runner.query('CREATE INDEX products_words ON products USING gin (search)');
    await runner.query(`
      CREATE INDEX products_trigrams ON products USING gin (sku gin_trgm_ops, name gin_trgm_ops)`);

    // Room in every page: a level changes with each order, and none of its indexes does.
    await runner.query(`
      CREATE TABLE stock (
        product_id uuid PRIMARY KEY REFERENCES products,
        on_hand    integer NOT NULL,
        available  integer NOT NULL,
        version    integer NOT NULL DEFAULT 0,
        low_at     integer NOT NULL DEFAULT 5 CHECK (low_at >= 0),
        CHECK (available BETWEEN 0 AND on_hand)
      ) WITH (fillfactor = 50)`);

    await runner.query(`
      COMMENT ON COLUMN stock.low_at IS 'stock.low is announced when available falls to this'`);

    await runner.query(`
      CREATE TABLE reservations (
        order_id     uuid PRIMARY KEY,
        mode         text CHECK (mode IN ('live', 'test')),
        request_hash bytea CHECK (octet_length(request_hash) = 32),
        state        text NOT NULL CHECK (state IN ('held', 'committed', 'released')),
        held_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        decided_at   timestamptz,
        expires_at   timestamptz(3),
        CONSTRAINT only_tombstones_are_empty
          CHECK (state = 'released' OR (mode IS NOT NULL AND request_hash IS NOT NULL)),
        CONSTRAINT committed_is_decided
          CHECK (state <> 'committed' OR (decided_at IS NOT NULL AND expires_at IS NULL))
      )`);
    await runner.query(`
      CREATE INDEX reservations_undecided ON reservations (held_at)
        WHERE state = 'held' AND decided_at IS NULL`);
    await runner.query(`
      CREATE INDEX reservations_expiring ON reservations (expires_at)
        WHERE state = 'held' AND expires_at IS NOT NULL`);

    await runner.query(`
      CREATE TABLE reservation_lines (
        order_id            uuid NOT NULL REFERENCES reservations,
        position            integer NOT NULL,
        product_id          uuid NOT NULL REFERENCES products,
        sku                 text NOT NULL,
        name                text NOT NULL,
        quantity            integer NOT NULL CHECK (quantity > 0),
        unit_price_amount   bigint NOT NULL,
        unit_price_currency text NOT NULL,
        taking              integer NOT NULL CHECK (taking BETWEEN 0 AND quantity),
        PRIMARY KEY (order_id, product_id)
      )`);
    await runner.query(`
      COMMENT ON COLUMN reservation_lines.taking IS
        'units still part of reserved; per product they sum to on_hand - available'`);
    await runner.query(`
      CREATE INDEX reservation_lines_taking ON reservation_lines (product_id) WHERE taking > 0`);

    // The one definition of "expired counts as free". A subquery, because an index cannot look up a volatile value.
    await runner.query(`
      CREATE VIEW expired_holds AS
        SELECT order_id FROM reservations
        WHERE state = 'held' AND expires_at <= (SELECT clock_timestamp())`);

    await runner.query(`
      CREATE TABLE movements (
        id             uuid PRIMARY KEY,
        position       bigint GENERATED ALWAYS AS IDENTITY,
        product_id     uuid NOT NULL REFERENCES products,
        type           text NOT NULL CHECK (type IN
                         ('receipt', 'adjustment', 'reserve', 'release', 'commit', 'ship', 'return')),
        on_hand_delta  integer NOT NULL,
        reserved_delta integer NOT NULL,
        order_id       uuid,
        reason         text,
        actor          jsonb NOT NULL,
        occurred_at    timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
    await runner.query('CREATE INDEX movements_product ON movements (product_id, position DESC)');
    await runner.query(`
      CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
      END $$`);
    await runner.query(`
      CREATE TRIGGER movements_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON movements
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE movements');
    await runner.query('DROP FUNCTION refuse_to_rewrite()');
    await runner.query('DROP VIEW expired_holds');
    await runner.query('DROP TABLE reservation_lines');
    await runner.query('DROP TABLE reservations');
    await runner.query('DROP TABLE stock');
    await runner.query('DROP TABLE products');
  }
}
