import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@flotilla/testing/eventually';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import { HttpClient } from '@flotilla/testing/http-client';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testSmtp, type TestSmtp } from '@flotilla/testing/smtp';
import { placeOrder, rows, settled, stockOf, stockUp, verify } from '../actions.js';
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
  let smtp: TestSmtp;
  beforeAll(async () => {
    [nats, smtp] = await Promise.all([testNats(), testSmtp()]);
    await smtp.kill();
    fleet = await testFleet({
      env: {
        NATS_URL: nats.url,
        SMTP_URL: smtp.url,
        SWEEP_INTERVAL_MS: '500',
        HOLD_GRACE_MS: '3000',
      },
    });
  }, 150_000);
  afterAll(async () => {
    await fleet?.stop();
    await Promise.all([nats?.stop(), smtp?.kill()]);
  });

  it('the mail server is away: nobody who registers or orders notices, and each mail comes once when it is back', async () => {
    await stockUp(fleet, { MAIL: 10 });
    const email = 'ada@flotilla.example';
    const registered = await new HttpClient(fleet.file().url).post('/api/v2/users', {
      email,
      password: 'correct horse battery',
      firstName: 'Ada',
      lastName: 'King',
    });
    const { status, body: order } = await placeOrder(await signedIn(fleet), 'mail', one('MAIL'));
    expect([registered.status, status, order.status]).toEqual([201, 201, 'confirmed']);
    const tried = () =>
      rows(fleet, 'notifications', 'SELECT DISTINCT kind FROM mails WHERE attempts > 0 ORDER BY 1');
    const both = [{ kind: 'order-confirmed' }, { kind: 'welcome' }];
    await eventually(async () => expect(await tried()).toEqual(both));

    await smtp.restart();

    const subjectsTo = (address: string) =>
      smtp.received.filter(({ to }) => to![0]!.address === address).map((mail) => mail.subject);
    const subject = `Your order ${order.number}`;
    await eventually(
      () => {
        expect(subjectsTo(email)).toEqual(['Welcome to Flotilla']);
        expect(subjectsTo(fleet.file().admin.email)).toContainEqual(subject);
      },
      { timeoutMs: 60_000 },
    );
    expect(new Set(smtp.received.map(({ messageId }) => messageId)).size).toBe(
      smtp.received.length,
    );
  }, 180_000);

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

/** The owner of the fleet's key, as a person: with an access token. */
async function signedIn(fleet: TestFleet): Promise<HttpClient> {
  const { body: client } = await fleet.client.post<{ clientId: string; clientSecret: string }>(
    '/api/oauth-clients',
    { clientName: 'Shop', grantTypes: ['client_credentials'], scopes: ['orders:write'] },
  );
  const { url } = fleet.file();
  const answer = await fetch(new URL('/oauth/token', url), {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client.clientId}:${client.clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return new HttpClient(url, { authorization: `Bearer ${token}` });
}

/** The process id of the fleet's own PostgreSQL. */
function postmaster(fleet: TestFleet): number {
  const record = JSON.parse(
    readFileSync(join(fleet.directory, 'postgres/server.json'), 'utf8'),
  ) as {
    server: { pid: number };
  };
  return record.server.pid;
}
