import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Events stay as they were written, but for one thing: what is about a person may be blanked for good. The trigger lets a
 * change through that says when it was made, and does nothing but make members of the payload null or empty.
 */
export class AllowRedaction1769200100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE events ADD COLUMN redacted_at timestamptz');
    await runner.query(`
      CREATE OR REPLACE FUNCTION refuse_to_change_events() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          IF NEW.redacted_at IS NOT NULL
            AND (NEW.stream_id, NEW.version, NEW.id, NEW.subject, NEW.type, NEW.metadata, NEW.occurred_at, NEW.position)
              = (OLD.stream_id, OLD.version, OLD.id, OLD.subject, OLD.type, OLD.metadata, OLD.occurred_at, OLD.position)
            AND NOT EXISTS (
              SELECT 1 FROM jsonb_each(OLD.payload) AS was FULL JOIN jsonb_each(NEW.payload) AS becomes USING (key)
              WHERE was.value IS DISTINCT FROM becomes.value
                AND (was.value IS NULL OR becomes.value IS NULL OR becomes.value NOT IN ('null', '{}')))
          THEN
            RETURN NEW;
          END IF;
        END IF;
        RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE FUNCTION refuse_to_change_events() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
      END $$`);
    await runner.query('ALTER TABLE events DROP COLUMN redacted_at');
  }
}
