import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys by the SHA-256 of their text; the text itself is stored nowhere. */
export class CreateApiKeys1767312000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_keys (
        id                        uuid PRIMARY KEY,
        user_id                   uuid NOT NULL,
        hash                      bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
        prefix                    text NOT NULL,
        name                      text NOT NULL,
        mode                      text NOT NULL CHECK (mode IN ('live', 'test')),
        permissions               text[] NOT NULL,
        rate_limit_limit          integer CHECK (rate_limit_limit > 0),
        rate_limit_window_seconds integer CHECK (rate_limit_window_seconds > 0),
        expires_at                timestamptz,
        revoked_at                timestamptz,
        created_at                timestamptz NOT NULL,
        CHECK ((rate_limit_limit IS NULL) = (rate_limit_window_seconds IS NULL))
      )`);
    await runner.query('CREATE INDEX api_keys_user_id ON api_keys (user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_keys');
  }
}
