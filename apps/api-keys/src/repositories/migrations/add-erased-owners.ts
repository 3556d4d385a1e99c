import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users whom identity has erased: nobody makes a key for them any more. */
export class AddErasedOwners1769302000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE erased_owners (user_id uuid PRIMARY KEY)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE erased_owners');
  }
}
