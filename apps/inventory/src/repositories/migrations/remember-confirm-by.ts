import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps the end of a hold that was made permanent, until its order is heard to be confirmed. */
export class RememberConfirmBy1769200200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE reservations ADD COLUMN confirm_by timestamptz(3)');
    await runner.query(`
      COMMENT ON COLUMN reservations.confirm_by IS
        'until when the order of a committed hold had to be confirmed; null once it is, and for all others'`);
    await runner.query(`
      CREATE INDEX reservations_unconfirmed ON reservations (order_id) WHERE confirm_by IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE reservations DROP COLUMN confirm_by');
  }
}
