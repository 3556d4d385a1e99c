import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets the events of a service be read as a log, by consumers that use `EventCatchUp`. */
export class IndexEventPositions1767398400030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX events_log ON events (position)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX events_log');
  }
}
