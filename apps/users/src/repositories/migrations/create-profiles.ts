import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What users say about themselves. */
export class CreateProfiles1767312000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE profiles (
        user_id      uuid PRIMARY KEY,
        email        text NOT NULL,
        first_name   text NOT NULL,
        last_name    text NOT NULL,
        display_name text NOT NULL,
        created_at   timestamptz NOT NULL,
        updated_at   timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE profiles');
  }
}
