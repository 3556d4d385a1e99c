import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Networks and quotas of keys, how much they were used, and what of a quota the gateways have taken. */
export class AddKeyTerms1769301000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE api_keys
        ADD COLUMN allowed_ips    text[],
        ADD COLUMN quota_limit    integer CHECK (quota_limit > 0),
        ADD COLUMN quota_interval text CHECK (quota_interval IN ('day', 'month')),
        ADD COLUMN last_used_at   timestamptz(3),
        ADD COLUMN usage_count    bigint NOT NULL DEFAULT 0 CHECK (usage_count >= 0),
        ADD COLUMN version        integer NOT NULL DEFAULT 1,
        ADD CHECK ((quota_limit IS NULL) = (quota_interval IS NULL))`);
    await runner.query('UPDATE api_keys SET version = 2 WHERE revoked_at IS NOT NULL');
    await runner.query(
      'CREATE INDEX api_keys_listed ON api_keys (user_id, created_at DESC, id DESC)',
    );
    await runner.query(`
      CREATE TABLE key_usage (
        key_id       uuid NOT NULL REFERENCES api_keys,
        hour         timestamptz NOT NULL,
        requests     bigint NOT NULL,
        errors       bigint NOT NULL,
        rate_limited bigint NOT NULL,
        PRIMARY KEY (key_id, hour)
      )`);
    // The last batch of each gateway: what was counted is not counted again.
    await runner.query(`
      CREATE TABLE key_usage_batches (
        gateway_id  uuid PRIMARY KEY,
        newest      bigint NOT NULL,
        received_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE key_quotas (
        key_id       uuid NOT NULL REFERENCES api_keys,
        period_start timestamptz NOT NULL,
        taken        bigint NOT NULL CHECK (taken >= 0),
        PRIMARY KEY (key_id, period_start)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE key_quotas, key_usage_batches, key_usage');
    await runner.query('DROP INDEX api_keys_listed');
    await runner.query(`
      ALTER TABLE api_keys
        DROP COLUMN allowed_ips, DROP COLUMN quota_limit, DROP COLUMN quota_interval,
        DROP COLUMN last_used_at, DROP COLUMN usage_count, DROP COLUMN version`);
  }
}
