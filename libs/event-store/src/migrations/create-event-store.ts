import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `events` is written once and never changed, but for the two columns that say what the broker knows of an event.
 * `inbox` holds what each consumer has applied, `dead_letters` what it could not.
 */
export class CreateEventStore1767225600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE events (
        stream_id     uuid NOT NULL,
        version       integer NOT NULL CHECK (version > 0),
        id            uuid NOT NULL UNIQUE,
        subject       text NOT NULL,
        type          text NOT NULL,
        payload       jsonb NOT NULL,
        metadata      jsonb NOT NULL,
        occurred_at   timestamptz(3) NOT NULL,
        position      bigint GENERATED ALWAYS AS IDENTITY,
        published_at  timestamptz,
        published_seq bigint,
        PRIMARY KEY (stream_id, version)
      )`);
    await runner.query(
      'CREATE INDEX events_unpublished ON events (position) WHERE published_at IS NULL',
    );
    await runner.query(
      'CREATE INDEX events_published_seq ON events (published_seq) WHERE published_seq IS NOT NULL',
    );
    await runner.query(`
      CREATE FUNCTION refuse_to_change_events() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
      END $$`);
    // "UPDATE OF" names every column but the relay's two, so marking an event as published costs no trigger.
    await runner.query(`
      CREATE TRIGGER events_append_only
        BEFORE DELETE OR UPDATE OF stream_id, version, id, subject, type, payload, metadata, occurred_at, position
        ON events FOR EACH ROW EXECUTE FUNCTION refuse_to_change_events()`);
    await runner.query(`
      CREATE TRIGGER events_never_truncated
        BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_events()`);
    await runner.query(`
      CREATE TABLE inbox (
        consumer    text NOT NULL,
        stream_id   uuid NOT NULL,
        version     integer NOT NULL CHECK (version > 0),
        event_id    uuid NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, stream_id, version),
        UNIQUE (consumer, event_id)
      )`);
    // A letter is first being tried (failed_at is null), then dead, and replayed once it could be applied after all.
    await runner.query(`
      CREATE TABLE dead_letters (
        id          uuid PRIMARY KEY,
        consumer    text NOT NULL,
        event_id    uuid NOT NULL,
        stream_id   uuid NOT NULL,
        version     integer NOT NULL,
        event       jsonb NOT NULL,
        reason      text NOT NULL,
        attempts    integer NOT NULL,
        failed_at   timestamptz,
        replayed_at timestamptz,
        UNIQUE (consumer, event_id)
      )`);
    await runner.query(`
      CREATE INDEX dead_letters_waiting ON dead_letters (consumer, stream_id, version)
        WHERE replayed_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dead_letters, inbox, events');
    await runner.query('DROP FUNCTION refuse_to_change_events');
  }
}
