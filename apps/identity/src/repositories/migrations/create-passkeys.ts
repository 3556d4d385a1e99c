import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Public keys that people sign in with, by the ids that their authenticators gave them: nothing here is a secret. */
export class CreatePasskeys1769400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE passkeys (
        credential_id bytea PRIMARY KEY,
        account_id    uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
        public_key    bytea NOT NULL,
        counter       bigint NOT NULL,
        transports    text[] NOT NULL,
        name          text NOT NULL,
        created_at    timestamptz NOT NULL,
        last_used_at  timestamptz
      )`);
    await runner.query('CREATE INDEX ON passkeys (account_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE passkeys');
  }
}
