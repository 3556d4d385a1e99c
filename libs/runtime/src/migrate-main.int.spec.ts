import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '@flotilla/testing/postgres';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const MIGRATE = `
import { migrateMain } from '@flotilla/runtime/migrations';
class First1700000000001 {
  async up(runner) { await runner.query('CREATE TABLE first (id int)'); }
  async down(runner) { await runner.query('DROP TABLE first'); }
}
class Second1700000000002 {
  async up(runner) { await runner.query(process.env.SECOND ?? 'CREATE TABLE second (id int)'); }
  async down(runner) { await runner.query('DROP TABLE second'); }
}
await migrateMain({ service: 'orders', migrations: [First1700000000001, Second1700000000002] });
`;
const FIRST = 'First1700000000001';
const SECOND = 'Second1700000000002';

let test: TestDatabase;

// Children run what is built, as in production.
beforeAll(async () => {
  const tsc = 'node_modules/typescript7/bin/tsc';
  execFileSync(process.execPath, [tsc, '-b', 'libs/runtime'], { cwd: ROOT });
  test = await testDatabase([]);
});
afterAll(() => test.drop());

/** The exit code and the one line that a migration prints. */
function migrate(args: string[], env: Record<string, string> = {}): [number | null, unknown] {
  const given = { MIGRATIONS_DATABASE_URL: test.adminUrl, ...env };
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', MIGRATE, '--', 'migrate.js', ...args],
    { cwd: ROOT, env: { PATH: process.env['PATH'], ...given }, encoding: 'utf8' },
  );
  expect(stdout.trim().split('\n')).toHaveLength(1);
  return [status, JSON.parse(stdout)];
}

describe('migrateMain', () => {
  it('says what it did in one line of JSON', () => {
    const service = 'orders';
    expect(migrate(['--status'])).toEqual([0, { service, applied: [], pending: [FIRST, SECOND] }]);
    expect(migrate([], { SECOND: 'CREATE nonsense' })).toEqual([
      1,
      { service, error: expect.stringContaining('nonsense') },
    ]);
    expect(migrate([])).toEqual([0, { service, applied: [SECOND] }]);
    expect(migrate([])).toEqual([0, { service, applied: [] }]);
    expect(migrate(['--down', '1'])).toEqual([0, { service, reverted: [SECOND] }]);
    expect(migrate(['--status'])).toEqual([0, { service, applied: [FIRST], pending: [SECOND] }]);
  });

  it.each([[['--down']], [['--down', '0']], [['--down', '1', '--status']], [['up']]])(
    'exits 2 for wrong use: %j',
    (args) => {
      expect(migrate(args)).toEqual([
        2,
        { service: 'orders', error: expect.stringContaining('Usage') },
      ]);
    },
  );

  it('exits 1, without the password, when it cannot get at the database', () => {
    const MIGRATIONS_DATABASE_URL = 'postgres://orders:hunter2@127.0.0.1:1/orders';
    const [status, line] = migrate([], { MIGRATIONS_DATABASE_URL });
    expect(status).toBe(1);
    expect(JSON.stringify(line)).not.toContain('hunter2');
  });
});
