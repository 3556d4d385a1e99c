import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far each consumer is certain to have followed the log of its producer, for services that use `EventCatchUp`. */
export class CreateLogPlaces1767398400020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE log_places (
        consumer text PRIMARY KEY,
        position bigint NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE log_places');
  }
}
