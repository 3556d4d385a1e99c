import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the links in mails stand for; the links themselves are nowhere but in the mail. */
export class CreateEmailLinks1769103000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE email_links (
        token_hash bytea PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
        purpose    text NOT NULL CHECK (purpose IN ('confirm-email', 'reset-password')),
        expires_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX ON email_links (account_id, purpose)');
    await runner.query('CREATE INDEX ON email_links (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE email_links');
  }
}
