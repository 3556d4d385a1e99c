import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps apart the two meanings of a released reservation: its order has ended, or never got that far. */
export class MarkEndedOrders1767398400010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE reservations ADD COLUMN ended_at timestamptz');
    await runner.query(`
      COMMENT ON COLUMN reservations.ended_at IS
        'when orders was first heard to say that the order is cancelled or expired, which it stays'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE reservations DROP COLUMN ended_at');
  }
}
