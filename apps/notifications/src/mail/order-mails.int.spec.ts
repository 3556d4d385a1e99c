import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Actor } from '@flotilla/contracts/actor';
import { AppError } from '@flotilla/contracts/errors';
import { type EventEnvelope, IDENTITY_EVENTS, ORDERS_EVENTS } from '@flotilla/contracts/events';
import { newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import type { UserView } from '@flotilla/contracts/users';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { eventually } from '@flotilla/testing/eventually';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import type { Email } from 'postal-mime';
import { type Producers, startProducers } from '../../test/producers.js';
import { testSmtp, type TestSmtp } from '@flotilla/testing/smtp';
import { startNotifications } from '../../test/start-notifications.js';
import { startUsersStandIn, type UsersStandIn } from '../../test/users-stand-in.js';
import { migrations } from '../migrations.js';

const PATIENT = { timeoutMs: 60_000 };

jest.setTimeout(120_000);
const EUR = (amount: number) => ({ amount, currency: 'EUR' });
const ITEMS = [
  { sku: 'MUG', name: 'Mug <blue>', quantity: 2, unitPrice: EUR(1250), total: EUR(2500) },
  { sku: 'POT', name: 'Pot', quantity: 1, unitPrice: EUR(1499), total: EUR(1499) },
];

let database: TestDatabase;
let nats: TestNats;
let producers: Producers;
let users: UsersStandIn;
let smtp: TestSmtp;
let notifications: RunningService;

beforeAll(async () => {
  [database, nats] = await Promise.all([testDatabase(migrations), testNats()]);
  producers = await startProducers(nats.url);
  users = await startUsersStandIn(nats.url);
  smtp = await testSmtp();
  notifications = await startNotifications({ database, nats, env: { SMTP_URL: smtp.url } });
});
afterAll(async () => {
  await notifications?.close();
  await smtp?.kill();
  await users?.close();
  await producers?.close();
  await nats?.stop();
  await database?.drop();
});

/** An order of 39.99 EUR is placed. */
function place(
  { id: userId }: UserView,
  status = 'confirmed',
  by: Partial<Actor> = {},
): Promise<EventEnvelope> {
  const streamId = newUuid();
  const data = { number: '1001', status, currency: 'EUR', items: ITEMS, total: EUR(3999) };
  const more = {
    streamId,
    subject: toId('ord', streamId),
    actor: { userId, mode: 'live' as const, ...by },
  };
  return producers.publish(ORDERS_EVENTS, 'order.placed', data, more);
}

const next = (
  { streamId, subject }: EventEnvelope,
  type: string,
  data: object = {},
  version = 2,
): Promise<EventEnvelope> =>
  producers.publish(ORDERS_EVENTS, type, data, {
    streamId,
    subject,
    version,
    actor: { system: 'orders' },
  });

const mailsOf = ({ id }: EventEnvelope): Email[] =>
  smtp.received.filter(({ messageId }) => messageId?.includes(id));
const mailOf = (event: EventEnvelope): Promise<Email> =>
  eventually(() => mailsOf(event)[0] ?? false, PATIENT);

async function outcomeIs({ id }: EventEnvelope, outcome: string): Promise<void> {
  await eventually(async () => {
    const { rows } = await database
      .pool()
      .query<{ outcome: string }>('SELECT outcome FROM mails WHERE id = $1', [toUuid('evt', id)]);
    expect(rows).toEqual([{ outcome }]);
  }, PATIENT);
}

async function attempted({ id }: EventEnvelope, times = 1): Promise<void> {
  await eventually(async () => {
    const { rows } = await database
      .pool()
      .query<{ attempts: number }>('SELECT attempts FROM mails WHERE id = $1', [toUuid('evt', id)]);
    expect(rows[0]?.attempts).toBeGreaterThanOrEqual(times);
  }, PATIENT);
}

describe('whoever has placed an order', () => {
  it('gets a mail that says what, and what it costs', async () => {
    const ada = users.add();
    const mail = await mailOf(await place(ada));
    expect(mail).toMatchObject({ subject: 'Your order 1001', to: [{ address: ada.email }] });
    expect(mail.text).toContain('2 × Mug <blue>: €25.00');
    expect(mail.text).toContain('Total: €39.99');
    expect(mail.html).toContain('2 × Mug &lt;blue&gt;');
  });

  it('gets it in the language of the preferences', async () => {
    const mail = await mailOf(await place(users.add({ locale: 'ko-KR' })));
    expect(mail.subject).toBe('주문 1001이(가) 확정되었습니다');
    expect(mail.text).toContain('합계: €39.99');
    expect((await mailOf(await place(users.add({ locale: 'fr' })))).subject).toBe(
      'Your order 1001',
    );
  });

  it('with a hold gets it when the order is confirmed', async () => {
    const placed = await place(users.add(), 'pending');
    const confirmed = await next(placed, 'order.confirmed');
    await mailOf(confirmed);
    expect(mailsOf(placed)).toEqual([]);
  });

  it('hears of its end and of what was shipped', async () => {
    const cancelled = await next(await place(users.add()), 'order.cancelled', { reason: null });
    expect((await mailOf(cancelled)).subject).toBe('Your order 1001 was cancelled');

    const items = [{ sku: 'MUG', quantity: 1 }];
    const data = { items, trackingNumber: 'T-42', fulfillmentId: toId('ful', newUuid()) };
    const shipped = await mailOf(await next(await place(users.add()), 'order.fulfilled', data));
    expect(shipped.subject).toBe('Your order 1001 is on its way');
    expect(shipped.text).toContain('Tracking number: T-42');
    expect(shipped.text).toContain('1 × Mug <blue>');
    expect(shipped.text).not.toContain('Pot');
  });
});

describe('a mail about an order', () => {
  it('goes out once, however often its event is heard', async () => {
    const ada = users.add();
    const event = await place(ada);
    await mailOf(event);
    await producers.repeat(ORDERS_EVENTS, event);
    await mailOf(await place(ada));
    expect(mailsOf(event)).toHaveLength(1);
  });

  it('goes out once, however many processes send', async () => {
    const second = await startNotifications({ database, nats, env: { SMTP_URL: smtp.url } });
    try {
      const ada = users.add();
      const events: EventEnvelope[] = [];
      for (let n = 0; n < 24; n += 1) events.push(await place(ada));
      for (const event of events) await outcomeIs(event, 'sent');
      expect(events.map((event) => mailsOf(event).length)).toEqual(events.map(() => 1));
    } finally {
      await second.close();
    }
  });

  it('goes out once more, as the same message, when its sender was killed before it could say so', async () => {
    const event = await place(users.add());
    await outcomeIs(event, 'sent');
    await database.pool().query(
      // As the process leaves it: claimed, until its lease is over.
      `UPDATE mails SET outcome = NULL, finished_at = NULL, due_at = now() + interval '1 second' WHERE id = $1`,
      [toUuid('evt', event.id)],
    );
    await outcomeIs(event, 'sent');
    const [first, again] = mailsOf(event);
    expect(again!.messageId).toBe(first!.messageId);
    expect(mailsOf(event)).toHaveLength(2);
  });

  it('is given up when nobody has taken it for four days', async () => {
    smtp.busy = true;
    const event = await place(users.add());
    await attempted(event);
    await database
      .pool()
      .query("UPDATE mails SET queued_at = queued_at - interval '4 days' WHERE id = $1", [
        toUuid('evt', event.id),
      ]);
    await outcomeIs(event, 'dropped');
    smtp.busy = false;
    expect(mailsOf(event)).toEqual([]);
  });

  it('is not sent to who wants none, to who is gone, about a test, or to the owner of a program that orders', async () => {
    const unwanted = await place(users.add({ emailOrderUpdates: false }));
    const gone = users.add();
    users.remove(gone.id);
    const late = await place(gone);
    const test = await place(users.add(), 'confirmed', { mode: 'test' });
    const program = await place(users.add(), 'confirmed', { keyId: toId('key', newUuid()) });
    const cancelled = await next(program, 'order.cancelled');
    await outcomeIs(unwanted, 'dropped');
    await outcomeIs(late, 'dropped');
    await mailOf(await place(users.add()));
    for (const event of [unwanted, late, test, program, cancelled])
      expect(mailsOf(event)).toEqual([]);
  });

  it('is tried again while users or the mail server are away, and then goes out once', async () => {
    users.failWith = new AppError('unavailable', 'Not now.', { details: { retryAfterSeconds: 1 } });
    const event = await place(users.add());
    await attempted(event);
    await smtp.kill();
    users.failWith = null;
    await attempted(event, 2);
    await smtp.restart();
    await outcomeIs(event, 'sent');
    expect(mailsOf(event)).toHaveLength(1);
  });

  it('is forgotten with its reader', async () => {
    smtp.busy = true;
    const ada = users.add();
    const event = await place(ada);
    const queued = async () => {
      const { rowCount } = await database
        .pool()
        .query('SELECT 1 FROM mails WHERE user_id = $1', [toUuid('usr', ada.id)]);
      return rowCount ?? 0;
    };
    await eventually(async () => expect(await queued()).toBe(1), PATIENT);
    const stream = { subject: ada.id, streamId: toUuid('usr', ada.id) };
    await producers.publish(IDENTITY_EVENTS, 'user.erased', {}, stream);
    await eventually(async () => expect(await queued()).toBe(0), PATIENT);
    // What was under way is over long before another has been tried twice.
    const later = await place(users.add());
    await attempted(later, 2);
    smtp.busy = false;
    await mailOf(later);
    expect(mailsOf(event)).toEqual([]);
  });
});
