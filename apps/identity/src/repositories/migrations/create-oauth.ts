import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The authorization server's state. `oauth_records` holds codes, tokens, grants, sessions and interactions, each sealed and
 * found by the SHA-256 of what its holder shows, so that a copy of the table is of no use to anybody.
 */
export class CreateOAuth1769000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE oauth_clients (
        id                    uuid PRIMARY KEY,
        owner_id              uuid REFERENCES accounts (id) ON DELETE SET NULL,
        metadata              jsonb NOT NULL,
        secret_hash           bytea,
        earlier_secret_hash   bytea,
        earlier_secret_until  timestamptz,
        created_at            timestamptz NOT NULL,
        updated_at            timestamptz NOT NULL
      )`);
    await runner.query(
      'CREATE INDEX oauth_clients_newest_first ON oauth_clients (created_at DESC, id DESC)',
    );
    await runner.query(`
      CREATE TABLE oauth_records (
        model           text NOT NULL,
        id_hash         bytea NOT NULL,
        payload         bytea NOT NULL,
        grant_hash      bytea,
        uid_hash        bytea,
        user_code_hash  bytea,
        account_id      uuid REFERENCES accounts (id) ON DELETE CASCADE,
        client_id       text,
        consumed_at     timestamptz,
        expires_at      timestamptz NOT NULL,
        PRIMARY KEY (model, id_hash)
      )`);
    await runner.query(`
      CREATE INDEX oauth_records_grant ON oauth_records (grant_hash) WHERE grant_hash IS NOT NULL`);
    await runner.query(`
      CREATE INDEX oauth_records_uid ON oauth_records (uid_hash) WHERE uid_hash IS NOT NULL`);
    await runner.query(`
      CREATE INDEX oauth_records_user_code ON oauth_records (user_code_hash) WHERE user_code_hash IS NOT NULL`);
    await runner.query(`
      CREATE INDEX oauth_records_account ON oauth_records (account_id, model) WHERE account_id IS NOT NULL`);
    await runner.query(`
      CREATE INDEX oauth_records_client ON oauth_records (client_id) WHERE client_id IS NOT NULL`);
    await runner.query('CREATE INDEX oauth_records_expiry ON oauth_records (expires_at)');
    await runner.query(`
      CREATE TABLE signing_keys (
        kid          text PRIMARY KEY,
        public_jwk   jsonb NOT NULL,
        private_key  bytea NOT NULL,
        signs_from   timestamptz NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signing_keys, oauth_records, oauth_clients');
  }
}
