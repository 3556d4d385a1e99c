import { eventually } from '@flotilla/testing/eventually';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { Parties } from '../test/parties.js';
import {
  addVersion,
  allInOrder,
  effects,
  placeOrders,
  SHOP,
  type TestService,
} from '../test/services.js';

let parties: Parties;
let billing: TestService;
let streams: string[];

beforeAll(async () => {
  parties = await Parties.open();
  billing = await parties.bill();
});
afterAll(() => parties.close());
afterEach(async () => {
  await Promise.all(
    [parties.billingDb, parties.shopDb].map((db) => db.pool().query('DELETE FROM log_places')),
  );
});

const catchUp = () => billing.catchUp.run(SHOP, 'billing');

/** Everything is published, heard and acknowledged: the broker will never deliver it again. */
async function heard(versions: number): Promise<void> {
  await eventually(async () => {
    const all = await effects(parties.billingDb);
    for (const [stream, told] of allInOrder(streams, versions))
      expect(all.get(stream)).toEqual(told);
  });
}

/** Takes billing back to a time when it had heard of `version` and no more, as a restored backup does. */
async function restoreTo(version: number): Promise<void> {
  for (const table of ['inbox', 'effects']) {
    await parties.billingDb.pool().query(`DELETE FROM ${table} WHERE version > ${version}`);
  }
}

async function placeAt(): Promise<number> {
  const { rows } = await parties.billingDb
    .pool()
    .query<{ position: string }>('SELECT position FROM log_places');
  return Number(rows[0]?.position ?? 0);
}

it('applies again, in order, what a restored database has lost and the broker will not deliver', async () => {
  streams = await placeOrders(parties.shop, { streams: 5, versions: 6 });
  await heard(6);
  expect(await catchUp()).toBe(0);

  await restoreTo(2);
  expect(await catchUp()).toBe(5 * 4);
  await heard(6);
});

it('reads page after page, and remembers its place only behind what is settled', async () => {
  streams = await placeOrders(parties.shop, { streams: 40, versions: 15 });
  await heard(15);
  await catchUp();
  expect(await placeAt()).toBe(0);

  await parties.shopDb
    .pool()
    .query("UPDATE events SET published_at = now() - interval '2 minutes'");
  await addVersion(parties.shop, streams, 16);
  await heard(16);
  await catchUp();
  const { rows } = await parties.shopDb
    .pool()
    .query<{ last: string }>('SELECT max(position) AS last FROM events WHERE version <= 15');
  expect(await placeAt()).toBe(Number(rows[0]!.last));

  await restoreTo(10);
  // What is lost lies behind the place, which the backup would not have had either.
  await parties.billingDb.pool().query('DELETE FROM log_places');
  await Promise.all([catchUp(), catchUp()]);
  await heard(16);
});
