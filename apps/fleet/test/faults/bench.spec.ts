import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import { sample } from '@flotilla/testing/sample';
import type { BenchReport } from '../../src/bench/report.js';
import { command, commandWith, rows } from '../actions.js';

/** As short as it gets: what is measured here is that nothing is sold twice, lost or doubled, never how fast. */
const SHORT = [
  ...['--seconds', '1', '--warm-up', '1', '--rounds', '1'],
  ...['--concurrency', '4', '--products', '100'],
];

/** What sells nothing, with its rows in the report: some of it in every run. */
const OTHER_MODES: [name: string, measured: [mode: string, concurrency: number][]][] = [
  ['identity', [['identity', 4]]],
  ['events', [['events', 48]]],
  ['webhooks', [['webhooks', 48]]],
  ['mails', [['mails', 16]]],
  ['messaging', [['messaging', 4]]],
  [
    'gateway',
    [
      ['gateway redis', 16],
      ['gateway local', 16],
      ['gateway token', 16],
      ['gateway verification', 1],
      ['gateway revocation', 1],
    ],
  ],
  [
    'graphql',
    [
      ['graphql list', 16],
      ['graphql nested', 16],
    ],
  ],
  [
    'cache',
    [
      ['cache profile', 16],
      ['cache profile not kept', 16],
      ['cache search', 16],
      ['cache search not kept', 16],
    ],
  ],
];

describe('bench', () => {
  let fleet: TestFleet;
  beforeAll(async () => {
    fleet = await testFleet();
  }, 150_000);
  afterAll(() => fleet?.stop());

  const bench = (...args: string[]) =>
    command<BenchReport>('bench', ...args, ...SHORT, '--data', fleet.directory);

  it('measures a running fleet, sells nothing twice, loses and doubles nothing, and leaves nothing to buy', async () => {
    const others = sample('other modes', OTHER_MODES, 1, ([name]) => name);
    const { code, document } = await bench(
      ...['orders', 'hot', 'mixed'],
      ...others.map(([name]) => name),
    );
    expect(document).toMatchObject({ rounds: 1, oversold: 0, lost: 0, doubled: 0 });
    expect(code).toBe(0);
    expect(document.results.map(({ mode, concurrency }) => [mode, concurrency])).toEqual([
      ['orders', 4],
      ['hot', 4],
      ['mixed', 4],
      ...others.flatMap(([, measured]) => measured),
    ]);
    for (const { perSecond } of document.results) expect(perSecond).toBeGreaterThan(0);
    const verification = document.results.find(({ mode }) => mode === 'gateway verification');
    if (verification) {
      expect(verification).toMatchObject({ forgotten: 0 });
      expect(verification.heapGrowthMb).toBeLessThan(32);
    }
    const { p50Ms, p99Ms, statementsPerOp } = document.results[0]!;
    expect(p99Ms).toBeGreaterThanOrEqual(p50Ms!);
    expect(statementsPerOp).toBeGreaterThan(0);
    const active = await rows(fleet, 'inventory', "SELECT 1 FROM products WHERE status = 'active'");
    expect(active).toEqual([]);
    const scratch = "SELECT 1 FROM pg_database WHERE datname LIKE '%bench%'";
    expect(await rows(fleet, 'inventory', scratch)).toEqual([]);
  }, 600_000);

  it('measures what --url and the addresses of its servers name, and ends with 1 when anything does not add up', async () => {
    await rows(
      fleet,
      'inventory',
      'UPDATE stock SET on_hand = on_hand + 1, available = available + 1',
    );
    const { url, apiKey, databaseUrl, natsUrl } = fleet.file();
    const { code, stderr, document } = await commandWith<BenchReport>(
      { FLOTILLA_API_KEY: apiKey, DATABASE_URL: databaseUrl, NATS_URL: natsUrl },
      ...['bench', 'hot', ...SHORT, '--url', url],
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining('stock')]);
    expect(document).toMatchObject({ oversold: 0, lost: 0, doubled: 0 });
    expect(document.results).toMatchObject([{ mode: 'hot', perSecond: expect.any(Number) }]);
  });
});

describe('bench without a fleet', () => {
  it.each([
    ['another machine', 'is not this machine', 'orders', '--url', 'http://shop.example'],
    ['what is not a mode', "'everything' is invalid", 'everything'],
    ['no clients', 'not a whole number', 'orders', '--concurrency', '0'],
    ['more than an hour', 'more than an hour', 'orders', '--seconds', '300', '--rounds', '99'],
    ['a directory where none runs', 'No fleet is running', 'orders', '--data', '/nowhere'],
  ])('refuses %s as wrong use', async (_, reason, ...args) => {
    const refusal = await command('bench', ...args).catch((error: Error) => error.message);
    expect(refusal).toMatch(/ ended with 2:/);
    expect(refusal).toContain(reason);
  });
});
