import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose profile is missing because it was erased, and not because it was lost. */
export class RememberErasedUsers1769200200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE erased_users (user_id uuid PRIMARY KEY)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE erased_users');
  }
}
