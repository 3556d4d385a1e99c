import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which events a reader may see, and a way to them: by mode, type and owner. Mode and owner are those of the first event of
 * a stream, since later ones may be nobody's (`order.expired`). The feed has the events of a stream in the order of their
 * versions, so the first is always there.
 */
export class AddFeedWorlds1769300100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE feed
        ADD COLUMN mode text CHECK (mode IN ('live', 'test')),
        ADD COLUMN owner text,
        ADD COLUMN type text GENERATED ALWAYS AS (envelope->>'type') STORED`);
    await runner.query(`
      CREATE INDEX feed_first ON feed ((envelope->>'streamId')) WHERE envelope->>'version' = '1'`);
    await runner.query(`
      UPDATE feed SET mode = coalesce(first.envelope->'actor'->>'mode', 'live'), owner = ${ownerOf('first.envelope')}
      FROM feed AS first
      WHERE first.envelope->>'streamId' = feed.envelope->>'streamId' AND first.envelope->>'version' = '1'`);
    await runner.query("UPDATE feed SET mode = 'live' WHERE mode IS NULL");
    await runner.query('ALTER TABLE feed ALTER COLUMN mode SET NOT NULL');
    await runner.query('CREATE INDEX feed_of_type ON feed (mode, type, position)');
    await runner.query(`
      CREATE FUNCTION belong_as_the_first() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.envelope->>'version' <> '1' THEN
          SELECT mode, owner INTO NEW.mode, NEW.owner FROM feed
          WHERE envelope->>'streamId' = NEW.envelope->>'streamId' AND envelope->>'version' = '1';
        END IF;
        IF NEW.mode IS NULL THEN
          NEW.mode := coalesce(NEW.envelope->'actor'->>'mode', 'live');
          NEW.owner := ${ownerOf('NEW.envelope')};
        END IF;
        RETURN NEW;
      END $$`);
    await runner.query(`
      CREATE TRIGGER belongs BEFORE INSERT ON feed FOR EACH ROW EXECUTE FUNCTION belong_as_the_first()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER belongs ON feed');
    await runner.query('DROP FUNCTION belong_as_the_first');
    await runner.query('DROP INDEX feed_first, feed_of_type');
    await runner.query('ALTER TABLE feed DROP COLUMN mode, DROP COLUMN owner, DROP COLUMN type');
  }
}

/** Events about a user are that user's, whoever caused them; all others are of whoever caused the first. */
function ownerOf(envelope: string): string {
  return `CASE WHEN ${envelope}->>'subject' LIKE 'usr\\_%' THEN ${envelope}->>'subject'
    ELSE ${envelope}->'actor'->>'userId' END`;
}
