import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Secrets of authenticator apps, sealed, and hashes of recovery codes. */
export class CreateSecondFactors1769102000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE second_factors (
        account_id    uuid PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
        sealed_secret bytea NOT NULL,
        last_step     bigint NOT NULL,
        created_at    timestamptz NOT NULL,
        confirmed_at  timestamptz
      )`);
    await runner.query(`
      CREATE TABLE recovery_codes (
        account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
        code_hash  bytea NOT NULL,
        used_at    timestamptz,
        PRIMARY KEY (account_id, code_hash)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recovery_codes, second_factors');
  }
}
