import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may sign in. Addresses are stored as they are compared: in lower case. */
export class CreateAccounts1767312000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE accounts (
        id            uuid PRIMARY KEY,
        email         text NOT NULL UNIQUE CHECK (email = lower(email)),
        password_hash text NOT NULL,
        role          text NOT NULL CHECK (role IN ('customer', 'staff', 'admin')),
        created_at    timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE accounts');
  }
}
