import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lets PostgreSQL know how few holds have expired: a stable function is estimated by its value, the result of a
 * subquery as a third of all holds with a time limit.
 */
export class PlanExpiredHolds1767398400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await define(runner, 'statement_timestamp()');
  }

  async down(runner: QueryRunner): Promise<void> {
    await define(runner, '(SELECT clock_timestamp())');
  }
}

/** The one definition of "expired counts as free". */
async function define(runner: QueryRunner, now: string): Promise<void> {
  await runner.query(`
    CREATE OR REPLACE VIEW expired_holds AS
      SELECT order_id FROM reservations WHERE state = 'held' AND expires_at <= ${now}`);
}
