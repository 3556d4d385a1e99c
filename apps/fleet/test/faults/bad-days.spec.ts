import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@flotilla/testing/eventually';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { placeOrder, settled, stockOf, stockUp, verify } from '../actions.js';
import { feedFromZero, ordersAnswered, rebuildOrders } from '../feed-orders.js';

const one = (sku: string) => [{ sku, quantity: 1 }];

async function consistent(fleet: TestFleet): Promise<void> {
  const { code, document } = await verify(fleet);
  expect([code, document.violations]).toEqual([0, []]);
}

/** Asks again while somebody is not back yet. */
async function statusOf(fleet: TestFleet, id: string): Promise<number> {
  const found = await eventually(async () => {
    const { status } = await fleet.client.get(`/api/v1/orders/${id}`);
    return status !== 503 && { status };
  });
  return found.status;
}

describe('on a bad day', () => {
  let fleet: TestFleet;
  let nats: TestNats;
  beforeAll(async () => {
    nats = await testNats();
    fleet = await testFleet({
      env: { NATS_URL: nats.url, SWEEP_INTERVAL_MS: '500', HOLD_GRACE_MS: '3000' },
    });
  }, 150_000);
  afterAll(async () => {
    await fleet?.stop();
    await nats?.stop();
  });

  it('NATS is killed and comes back having forgotten everything: every event still arrives, and the feed tells every order', async () => {
    await stockUp(fleet, { FORGET: 1_000 });
    let stop = false;
    let placed = 0;
    const customers = Array.from({ length: 8 }, async (_, customer) => {
      for (let n = 0; !stop; n += 1) {
        const answer = await placeOrder(fleet.client, `forget-${customer}-${n}`, one('FORGET'));
        if (answer.status === 201) placed += 1;
      }
    });
    await eventually(() => placed >= 40);
    await nats.kill();
    await nats.restart({ wipe: true });
    const atRestart = placed;
    await eventually(() => placed >= atRestart + 40, { timeoutMs: 60_000 });
    stop = true;
    await Promise.all(customers);
    await settled(fleet);
    expect((await stockOf(fleet.client, 'FORGET')).reserved).toBeGreaterThanOrEqual(placed);
    const rebuilt = rebuildOrders(await feedFromZero(fleet.client, 100));
    expect(rebuilt).toEqual(await ordersAnswered(fleet.client));
    await consistent(fleet);
  }, 180_000);

  it('PostgreSQL is killed under load: services recover by themselves, and every order answered is there', async () => {
    await stockUp(fleet, { CRASH: 1_000 });
    let stop = false;
    const answered: string[] = [];
    const customers = Array.from({ length: 8 }, async (_, customer) => {
      for (let n = 0; !stop; n += 1) {
        const answer = await placeOrder(fleet.client, `crash-${customer}-${n}`, one('CRASH'));
        if (answer.status === 201) answered.push(answer.body.id);
        else expect([503, 504]).toContain(answer.status);
      }
    });
    await eventually(() => answered.length >= 40);
    process.kill(postmaster(fleet), 'SIGKILL');
    const atKill = answered.length;
    await eventually(() => answered.length >= atKill + 40, { timeoutMs: 60_000 });
    stop = true;
    await Promise.all(customers);
    await settled(fleet);
    for (const id of answered) expect(await statusOf(fleet, id)).toBe(200);
    await consistent(fleet);
  }, 180_000);
});

/** The process id of the fleet's own PostgreSQL. */
function postmaster(fleet: TestFleet): number {
  const record = JSON.parse(
    readFileSync(join(fleet.directory, 'postgres/server.json'), 'utf8'),
  ) as {
    server: { pid: number };
  };
  return record.server.pid;
}
