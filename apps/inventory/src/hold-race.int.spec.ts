import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@flotilla/contracts/actor';
import { isAppError } from '@flotilla/contracts/errors';
import { newUuid, toId } from '@flotilla/contracts/ids';
import type { HoldStockRequest } from '@flotilla/contracts/stock-holds';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import {
  BY,
  holdStockIn,
  imbalances,
  type InventoryStore,
  openStore,
  rowOf,
} from '../test/inventory-store.js';
import { migrations } from './migrations.js';

/** `npm run race` makes it 10,000. */
const ATTEMPTS = Number(process.env['RACE_ATTEMPTS'] ?? 1_000);
const UNITS = ATTEMPTS / 20;
const PROCESSES = 3;
const ACTOR: Actor = { userId: toId('usr', newUuid()), mode: 'live', permissions: [] };

let test: TestDatabase;
let stores: InventoryStore[];

beforeAll(async () => {
  test = await testDatabase(migrations);
  stores = await Promise.all(Array.from({ length: PROCESSES }, () => openStore(test.url)));
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await test.drop();
});

/** An attempt at one unit; every third one wants another product too, and every fifth one is a repetition. */
function attempts(): HoldStockRequest[] {
  const requests: HoldStockRequest[] = [];
  for (let index = 0; index < ATTEMPTS; index++) {
    const lines = [{ sku: 'HOT', quantity: 1 }];
    if (index % 3 === 0) lines.unshift({ sku: `SIDE-${index % 7}`, quantity: 2 });
    const orderId = toId('ord', newUuid());
    const fresh = { orderId, mode: 'live' as const, requestHash: '11'.repeat(32), lines };
    requests.push(index % 5 === 4 ? requests[index - 4]! : fresh);
  }
  return requests;
}

describe(`${ATTEMPTS} attempts by ${PROCESSES} processes on ${UNITS} units`, () => {
  it('sell exactly all units, each order once, all its lines or none', async () => {
    const sides = Array.from({ length: 7 }, (_, index) => rowOf(`SIDE-${index}`, ATTEMPTS));
    await stores[0]!.catalogue.import('live', [rowOf('HOT', UNITS), ...sides], BY);
    const processes = stores.map((store) => holdStockIn(store));
    const requests = attempts();

    const answers = await Promise.all(
      requests.map((request, index) =>
        processes[index % PROCESSES]!.execute(request, ACTOR).then(
          () => 'held',
          (error: unknown) => (isAppError(error) ? error.code : String(error)),
        ),
      ),
    );

    expect(new Set(answers)).toEqual(new Set(['held', 'insufficient-stock']));
    const held = new Map(
      requests.filter((_, index) => answers[index] === 'held').map((one) => [one.orderId, one]),
    );
    expect(held.size).toBe(UNITS);
    const stock = (sku: string) => stores[0]!.queries.stock({ mode: 'live', sku });
    expect(await stock('HOT')).toMatchObject({ onHand: UNITS, reserved: UNITS, available: 0 });
    for (const { sku } of sides) {
      const wanted = [...held.values()].flatMap(({ lines }) => lines.filter((l) => l.sku === sku));
      expect((await stock(sku)).reserved).toBe(2 * wanted.length);
    }
    expect(await imbalances(test.pool())).toEqual([]);
  });
});
