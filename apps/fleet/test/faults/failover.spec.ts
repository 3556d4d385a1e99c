import { toId } from '@flotilla/contracts/ids';
import { eventually } from '@flotilla/testing/eventually';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import { lossyConnection, type LossyConnection } from '@flotilla/testing/lossy-connection';
import { type ReplicatedPostgres, replicatedPostgres } from '@flotilla/testing/standby';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { verify } from '../../src/verify/verify.js';
import { rows, settled, stockOf, stockUp } from '../actions.js';
import { untilDecided } from '../customers.js';

const CUSTOMERS = 8;

let postgres: ReplicatedPostgres;
let database: LossyConnection;
let fleet: TestFleet;

beforeAll(async () => {
  postgres = await replicatedPostgres();
  database = await lossyConnection(postgres.primaryUrl);
  fleet = await testFleet({
    env: { DATABASE_URL: database.url, SWEEP_INTERVAL_MS: '500', HOLD_GRACE_MS: '20000' },
  });
}, 150_000);
afterAll(async () => {
  await fleet?.stop();
  await database?.close();
  await postgres?.stop();
});

/** The last of the crash points (crash-points.spec.ts): all databases, that of orders with them, move to another machine. */
it('19. the primary is lost under load and the standby takes over: no order that was answered is missing or doubled', async () => {
  await stockUp(fleet, { MOVED: 10_000 });
  const answered: string[] = [];
  let stop = false;
  const customers = Array.from({ length: CUSTOMERS }, async (_, customer) => {
    for (let n = 0; !stop; n += 1) {
      const items = [{ sku: 'MOVED', quantity: 1 }];
      const { status, body } = await untilDecided(fleet.client, { key: `${customer}-${n}`, items });
      expect(status).toBe(201);
      answered.push(body.id);
    }
  });
  await eventually(() => answered.length >= 40);
  await postgres.losePrimary();
  await postgres.promote();
  database.leadTo(postgres.standbyUrl);
  const atLoss = answered.length;
  await eventually(() => answered.length >= atLoss + 40, { timeoutMs: 60_000 });
  stop = true;
  await Promise.all(customers);

  const placed = await rows<{ id: string }>(
    fleet,
    'orders',
    "SELECT stream_id AS id FROM events WHERE type = 'order.placed'",
  );
  expect(placed.map(({ id }) => toId('ord', id)).toSorted()).toEqual(answered.toSorted());
  await settled(fleet);
  expect(await stockOf(fleet.client, 'MOVED')).toMatchObject({ reserved: answered.length });
  expect((await verify(fleet.file().databaseUrl)).violations).toEqual([]);
}, 180_000);
