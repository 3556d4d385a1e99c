import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is fed about a person can be found when the person is erased, and who was erased when more of it comes late. */
export class IndexPersonalData1769200300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX feed_orders_of_user ON feed ((envelope->'actor'->>'userId'))
        WHERE envelope->>'type' = 'order.placed'`);
    await runner.query(`
      CREATE INDEX feed_personal ON feed ((envelope->>'streamId'))
        WHERE envelope->>'type' IN ('user.registered', 'order.placed', 'order.cancelled')`);
    await runner.query(`
      CREATE INDEX feed_erased ON feed ((envelope->>'subject')) WHERE envelope->>'type' = 'user.erased'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX feed_orders_of_user, feed_personal, feed_erased');
  }
}
