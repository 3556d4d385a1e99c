import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Endpoints of webhooks, what is on its way to them, and how far into the feed it has been decided who hears of what. */
export class CreateWebhooks1769300200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE webhook_endpoints (
        id              uuid PRIMARY KEY,
        user_id         uuid NOT NULL,
        owner           text NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        url             text NOT NULL,
        events          text[] NOT NULL,
        event_types     text[] NOT NULL,
        description     text,
        hears_all       boolean NOT NULL,
        disabled        text CHECK (disabled IN ('asked', 'gone', 'owner-disabled')),
        is_failing      boolean NOT NULL DEFAULT false,
        hears_after     bigint NOT NULL,
        secret          text NOT NULL,
        previous_secret text,
        previous_until  timestamptz,
        version         integer NOT NULL,
        created_at      timestamptz NOT NULL,
        updated_at      timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX ON webhook_endpoints (user_id, created_at, id)');
    await runner.query(`
      CREATE TABLE webhook_deliveries (
        id              uuid PRIMARY KEY,
        endpoint_id     uuid NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
        event_id        uuid NOT NULL,
        event_type      text NOT NULL,
        status          text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'dead')),
        attempts        integer NOT NULL DEFAULT 0,
        started_at      timestamptz NOT NULL,
        due_at          timestamptz,
        last_attempt_at timestamptz,
        response_status integer,
        failure         text,
        duration_ms     integer,
        created_at      timestamptz NOT NULL,
        UNIQUE (endpoint_id, event_id),
        CHECK ((due_at IS NOT NULL) = (status = 'pending'))
      )`);
    await runner.query(
      'CREATE INDEX ON webhook_deliveries (endpoint_id, due_at, id) WHERE due_at IS NOT NULL',
    );
    await runner.query('CREATE INDEX ON webhook_deliveries (endpoint_id, created_at, id)');
    await runner.query('CREATE INDEX ON webhook_deliveries (last_attempt_at) WHERE due_at IS NULL');
    await runner.query(`
      CREATE TABLE feed_places (reader text PRIMARY KEY, position bigint NOT NULL)`);
    await runner.query(`
      INSERT INTO feed_places SELECT 'webhooks', coalesce(max(position), 0) FROM feed`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE feed_places, webhook_deliveries, webhook_endpoints');
  }
}
