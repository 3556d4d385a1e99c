import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The audit trail. In a schema of its own, out of reach of what services are granted on their tables: a service adds and
 * reads, and nobody, not even the owner, changes or removes.
 */
export class CreateAuditEvents1769101000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA audit');
    await runner.query(`
      CREATE TABLE audit.events (
        id          uuid PRIMARY KEY,
        occurred_at timestamptz NOT NULL,
        type        text NOT NULL,
        outcome     text NOT NULL CHECK (outcome IN ('success', 'failure')),
        account_id  uuid,
        actor       text NOT NULL,
        address     text,
        client_id   text,
        details     jsonb NOT NULL
      )`);
    await runner.query('CREATE INDEX ON audit.events (occurred_at DESC, id DESC)');
    await runner.query('CREATE INDEX ON audit.events (account_id, occurred_at DESC, id DESC)');
    await runner.query('CREATE INDEX ON audit.events (type, occurred_at DESC, id DESC)');
    // Only roles of this database may connect to it.
    await runner.query('GRANT USAGE ON SCHEMA audit TO PUBLIC');
    await runner.query('GRANT SELECT, INSERT ON audit.events TO PUBLIC');
    await runner.query(`
      DO $$
      DECLARE grantee name;
      BEGIN
        FOR grantee IN
          SELECT DISTINCT rolname FROM pg_class, aclexplode(relacl) AS acl JOIN pg_roles ON pg_roles.oid = acl.grantee
          WHERE pg_class.oid = 'audit.events'::regclass
        LOOP
          EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON audit.events FROM %I', grantee);
        END LOOP;
      END $$`);
    await runner.query(`
      CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit events are only ever added' USING ERRCODE = 'insufficient_privilege';
      END $$`);
    await runner.query(`
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.events
      FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA audit CASCADE');
  }
}
