import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The answers that retries of a request are given. */
export class CreateIdempotencyRecords1767229200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // json, not jsonb: an answer that is given again has its members in the order they had.
    await runner.query(`
      CREATE TABLE idempotency_records (
        principal    text NOT NULL,
        key          text NOT NULL,
        request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
        answer       json NOT NULL,
        answered_at  timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (principal, key)
      )`);
    await runner.query('CREATE INDEX idempotency_records_age ON idempotency_records (answered_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_records');
  }
}
