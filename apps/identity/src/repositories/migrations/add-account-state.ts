import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an account's credentials are worth: raised versions end what was issued before, disabled accounts all of it. */
export class AddAccountState1769000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE accounts
        ADD COLUMN credential_version integer NOT NULL DEFAULT 1,
        ADD COLUMN disabled_at timestamptz,
        ADD COLUMN email_verified_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE accounts DROP COLUMN credential_version, DROP COLUMN disabled_at, DROP COLUMN email_verified_at`);
  }
}
