import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Failed attempts by account, device and network (hashed), and the devices that have signed in before. */
export class CreateAttemptCounters1769100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE attempt_counters (
        key        text COLLATE "C" PRIMARY KEY,
        level      double precision NOT NULL CHECK (level >= 0),
        wait_until timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX ON attempt_counters (updated_at)');
    await runner.query(`
      CREATE TABLE known_devices (
        id           uuid PRIMARY KEY,
        token_hash   bytea NOT NULL UNIQUE,
        account_id   uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
        last_used_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX ON known_devices (account_id, last_used_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE known_devices, attempt_counters');
  }
}
