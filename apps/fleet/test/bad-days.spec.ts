import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MovementView } from '@flotilla/contracts/inventory';
import { eventually } from '@flotilla/testing/eventually';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { placeOrder, type Problem, settled, stockOf, stockUp, verify } from './actions.js';

const one = (sku: string) => [{ sku, quantity: 1 }];

async function consistent(fleet: TestFleet): Promise<void> {
  const { code, document } = await verify(fleet);
  expect([code, document.violations]).toEqual([0, []]);
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
  }, 60_000);

  it('inventory is down: 503 within the deadline, and the same key places the order later', async () => {
    await stockUp(fleet, { DOWN: 5 });
    // A request that was on its way to the process when it died gets no answer at all, which is another refusal: once more.
    const refused = await eventually(async () => {
      await killed(fleet, 'inventory');
      const answer = await placeOrder<Problem>(fleet.client, 'down', one('DOWN'));
      return answer.status !== 504 && answer;
    });
    expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);

    const placed = await eventually(
      async () => {
        const answer = await placeOrder(fleet.client, 'down', one('DOWN'));
        return answer.status === 201 && answer;
      },
      { timeoutMs: 30_000, everyMs: 200 },
    );
    expect(placed.body.status).toBe('confirmed');
    expect(await stockOf(fleet.client, 'DOWN')).toMatchObject({ onHand: 5, reserved: 1 });
    await settled(fleet);
    await consistent(fleet);
  }, 90_000);

  it('NATS is killed and comes back having forgotten everything: every event still arrives', async () => {
    await stockUp(fleet, { FORGET: 1_000 });
    let stop = false;
    let placed = 0;
    const customers = Array.from({ length: 8 }, async (_, customer) => {
      for (let n = 0; !stop; n += 1) {
        const answer = await placeOrder(fleet.client, `forget-${customer}-${n}`, one('FORGET'));
        if (answer.status === 201) placed += 1;
      }
    });
    await eventually(() => placed >= 40, { timeoutMs: 30_000 });
    await nats.kill();
    await nats.restart({ wipe: true });
    const atRestart = placed;
    await eventually(() => placed >= atRestart + 40, { timeoutMs: 60_000 });
    stop = true;
    await Promise.all(customers);
    await settled(fleet);
    expect((await stockOf(fleet.client, 'FORGET')).reserved).toBeGreaterThanOrEqual(placed);
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
    await eventually(() => answered.length >= 40, { timeoutMs: 30_000 });
    process.kill(postmaster(fleet), 'SIGKILL');
    const atKill = answered.length;
    await eventually(() => answered.length >= atKill + 40, { timeoutMs: 60_000 });
    stop = true;
    await Promise.all(customers);
    await settled(fleet);
    const statuses = await Promise.all(
      answered.map(async (id) => (await fleet.client.get(`/api/v1/orders/${id}`)).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    await consistent(fleet);
  }, 180_000);
});

describe('orders is killed between the hold and the order', () => {
  let fleet: TestFleet;
  beforeAll(async () => {
    fleet = await testFleet({
      env: {
        FLOTILLA_FAILPOINT: 'orders.after-hold',
        SWEEP_INTERVAL_MS: '200',
        HOLD_GRACE_MS: '1000',
      },
    });
  }, 150_000);
  afterAll(() => fleet?.stop(), 60_000);

  it('the sweeper frees the hold, and the withdrawn key stays withdrawn', async () => {
    await stockUp(fleet, { ORPHAN: 5 });
    const refused = await placeOrder<Problem>(fleet.client, 'orphan', one('ORPHAN'));
    expect([503, 504]).toContain(refused.status);

    // The answer may take longer than the grace, so what happened is read from the ledger, newest first.
    await eventually(
      async () => {
        const path = '/api/v1/inventory/ORPHAN/movements';
        const { data } = (await fleet.client.get<{ data: MovementView[] }>(path)).body;
        expect(data.map(({ type }) => type)).toEqual(['release', 'reserve', 'receipt']);
      },
      { timeoutMs: 30_000, everyMs: 200 },
    );
    const again = await placeOrder<Problem>(fleet.client, 'orphan', one('ORPHAN'));
    expect([again.status, again.body.code]).toEqual([409, 'order-voided']);
    expect(await stockOf(fleet.client, 'ORPHAN')).toMatchObject({ onHand: 5, reserved: 0 });
    await consistent(fleet);
  }, 90_000);
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

/** Kills a service's process, once it is ready to serve, and waits until it is gone. */
async function killed(fleet: TestFleet, service: string): Promise<void> {
  await eventually(async () => (await fleet.client.get('/readyz')).status === 200);
  const { pid } = fleet.file().processes.find((one) => one.service === service)!;
  fleet.killService(service);
  await eventually(() => !existsSync(`/proc/${pid}`), { everyMs: 5 });
}
