import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails about orders: their language is that of the reader's preferences when they are written. Nobody is told of what was before. */
export class AddOrderMails1769300300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mails ALTER COLUMN locale DROP NOT NULL');
    await runner.query('DROP INDEX mails_due_at_idx');
    await runner.query(`
      CREATE INDEX mails_due ON mails ((locale IS NULL), due_at) WHERE due_at IS NOT NULL`);
    await runner.query(`
      INSERT INTO feed_places SELECT 'mails', coalesce(max(position), 0) FROM feed`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DELETE FROM feed_places WHERE reader = 'mails'");
    await runner.query('DELETE FROM mails WHERE locale IS NULL');
    await runner.query('DROP INDEX mails_due');
    await runner.query('CREATE INDEX ON mails (due_at) WHERE due_at IS NOT NULL');
    await runner.query('ALTER TABLE mails ALTER COLUMN locale SET NOT NULL');
  }
}
