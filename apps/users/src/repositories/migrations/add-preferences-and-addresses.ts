import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What users prefer, where they live, and an order in which administrators read them. */
export class AddPreferencesAndAddresses1769200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE profiles
        ALTER COLUMN created_at TYPE timestamptz(3),
        ALTER COLUMN display_name DROP NOT NULL,
        ADD COLUMN locale text NOT NULL DEFAULT 'en',
        ADD COLUMN currency text NOT NULL DEFAULT 'EUR' CHECK (currency ~ '^[A-Z]{3}$'),
        ADD COLUMN timezone text NOT NULL DEFAULT 'UTC',
        ADD COLUMN email_order_updates boolean NOT NULL DEFAULT true,
        ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0)`);
    // A name that follows the others is not stored: nobody has chosen one until now.
    await runner.query('UPDATE profiles SET display_name = NULL');
    await runner.query('CREATE INDEX profiles_newest ON profiles (created_at DESC, user_id DESC)');
    await runner.query('CREATE INDEX profiles_email ON profiles (email)');
    await runner.query(`
      CREATE TABLE addresses (
        id          uuid PRIMARY KEY,
        user_id     uuid NOT NULL,
        name        text NOT NULL,
        line1       text NOT NULL,
        line2       text,
        city        text NOT NULL,
        region      text,
        postal_code text NOT NULL,
        country     text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
        version     integer NOT NULL CHECK (version > 0),
        created_at  timestamptz(3) NOT NULL,
        updated_at  timestamptz(3) NOT NULL
      )`);
    await runner.query(
      'CREATE INDEX addresses_newest ON addresses (user_id, created_at DESC, id DESC)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE addresses');
    await runner.query('DROP INDEX profiles_newest, profiles_email');
    await runner.query(
      "UPDATE profiles SET display_name = concat(first_name, ' ', last_name) WHERE display_name IS NULL",
    );
    await runner.query(`
      ALTER TABLE profiles
        ALTER COLUMN created_at TYPE timestamptz,
        ALTER COLUMN display_name SET NOT NULL,
        DROP COLUMN locale, DROP COLUMN currency, DROP COLUMN timezone, DROP COLUMN email_order_updates,
        DROP COLUMN version`);
  }
}
