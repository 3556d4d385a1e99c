import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails to send, and that they were sent; never what a link in them says. */
export class CreateMails1769110000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mails (
        id          uuid PRIMARY KEY,
        user_id     uuid NOT NULL,
        kind        text NOT NULL,
        locale      text NOT NULL,
        name        text,
        queued_at   timestamptz NOT NULL,
        due_at      timestamptz,
        attempts    integer NOT NULL DEFAULT 0,
        outcome     text CHECK (outcome IN ('sent', 'dropped')),
        finished_at timestamptz,
        CHECK ((due_at IS NULL) = (outcome IS NOT NULL))
      )`);
    await runner.query('CREATE INDEX ON mails (due_at) WHERE due_at IS NOT NULL');
    await runner.query('CREATE INDEX ON mails (user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mails');
  }
}
