import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The feed, the one row that numbers it (a sequence would leave gaps, and number in another order than commits), and the
 * gateways that may hold a lease.
 */
export class CreateRevocationFeed1769300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE revocations (
        sequence   bigint PRIMARY KEY CHECK (sequence > 0),
        entry      jsonb NOT NULL,
        revoked_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE revocation_sequence (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        newest   bigint NOT NULL
      )`);
    await runner.query('INSERT INTO revocation_sequence (newest) VALUES (0)');
    await runner.query(`
      CREATE TABLE revocation_gateways (
        id      uuid PRIMARY KEY,
        seen_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE revocation_gateways, revocation_sequence, revocations');
  }
}
