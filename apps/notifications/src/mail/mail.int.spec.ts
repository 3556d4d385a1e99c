import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError, notFound } from '@flotilla/contracts/errors';
import { type EventEnvelope, IDENTITY_EVENTS } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { eventually } from '@flotilla/testing/eventually';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import PostalMime from 'postal-mime';
import { type IdentityLinks, startIdentityLinks } from '../../test/identity-links.js';
import { type Producers, startProducers } from '../../test/producers.js';
import { startNotifications } from '../../test/start-notifications.js';
import { testSmtp, type TestSmtp } from '@flotilla/testing/smtp';
import { migrations } from '../migrations.js';

let database: TestDatabase;
let nats: TestNats;
let producers: Producers;
let identity: IdentityLinks;
let directory: string;
let notifications: RunningService;

beforeAll(async () => {
  [database, nats] = await Promise.all([testDatabase(migrations), testNats()]);
  directory = await mkdtemp(join(tmpdir(), 'flotilla-mail-'));
  producers = await startProducers(nats.url);
  identity = await startIdentityLinks(nats.url);
  notifications = await start({ MAIL_DIR: directory });
});
afterEach(() => {
  identity.failWith = null;
});
afterAll(async () => {
  await notifications.close();
  await identity.close();
  await producers.close();
  await nats.stop();
  await database.drop();
  await rm(directory, { recursive: true });
});

const start = (env: Record<string, string>) => startNotifications({ database, nats, env });
const register = (more: object = {}) =>
  producers.publish(IDENTITY_EVENTS, 'user.registered', {
    email: 'ada@flotilla.example',
    firstName: 'Ada',
    lastName: 'Lovelace',
    role: 'customer',
    ...more,
  });
const wantMail = (purpose: string, locale: string) =>
  producers.publish(IDENTITY_EVENTS, 'mail.requested', { purpose, locale });

interface MailRow {
  attempts: number;
  outcome: string | null;
  name: string | null;
}
async function row({ id }: EventEnvelope): Promise<MailRow> {
  const { rows } = await database
    .pool()
    .query<MailRow>('SELECT * FROM mails WHERE id = $1', [toUuid('evt', id)]);
  return rows[0]!;
}
const outcomeIs = (event: EventEnvelope, outcome: string) =>
  eventually(async () => expect((await row(event)).outcome).toBe(outcome));
const kept = async ({ id }: EventEnvelope) =>
  PostalMime.parse(await readFile(join(directory, `${id}.eml`)));

describe('a mail', () => {
  it('welcomes who has registered, by name, with a link from identity', async () => {
    const event = await register();
    await outcomeIs(event, 'sent');

    const mail = await kept(event);
    expect(mail).toMatchObject({
      subject: 'Welcome to Flotilla',
      to: [{ address: 'ada@flotilla.example' }],
      messageId: `<${event.id}@flotilla.example>`,
    });
    expect(mail.text).toContain('Welcome aboard, Ada.');
    expect(mail.text).toContain(identity.given.at(-1));
    expect(mail.html).toContain(identity.given.at(-1));
  });

  it('is written in the language that was asked for', async () => {
    const event = await wantMail('reset-password', 'ko');
    await outcomeIs(event, 'sent');

    expect(await kept(event)).toMatchObject({ subject: '새 비밀번호를 설정하세요' });
    const registration = await register({ locale: 'ko' });
    await outcomeIs(registration, 'sent');
    expect(await kept(registration)).toMatchObject({ subject: 'Flotilla에 오신 것을 환영합니다' });
  });

  it('goes out once, however often its event is heard', async () => {
    const event = await wantMail('confirm-email', 'en');
    await outcomeIs(event, 'sent');
    await producers.repeat(IDENTITY_EVENTS, event);
    const later = await wantMail('confirm-email', 'en');
    await outcomeIs(later, 'sent');

    expect(await row(event)).toMatchObject({ attempts: 1 });
    expect(await readdir(directory)).toContain(`${event.id}.eml`);
  });

  it('is tried until identity gives the link, and its failures keep no other waiting', async () => {
    identity.failWith = new AppError('unavailable', 'Not now.', {
      details: { retryAfterSeconds: 1 },
    });
    const event = await wantMail('reset-password', 'en');
    await eventually(() => expect(identity.failures).toBeGreaterThan(0));
    identity.failWith = null;
    const other = await wantMail('confirm-email', 'en');
    await outcomeIs(other, 'sent');
    await outcomeIs(event, 'sent');

    expect((await row(event)).attempts).toBeGreaterThan(1);
  });

  it('is dropped when its reader is gone', async () => {
    identity.failWith = notFound('user');
    const event = await wantMail('confirm-email', 'en');
    await outcomeIs(event, 'dropped');

    expect(await readdir(directory)).not.toContain(`${event.id}.eml`);
  });

  it('leaves neither its link nor its reader in the database', async () => {
    const event = await register();
    await outcomeIs(event, 'sent');

    expect(await row(event)).toMatchObject({ name: null });
    const { rows } = await database
      .pool()
      .query("SELECT 1 FROM mails WHERE mails::text LIKE '%token%' OR mails::text LIKE '%ada@%'");
    expect(rows).toEqual([]);
  });

  it('can be read at the private port, where it is not sent', async () => {
    const event = await register();
    await outcomeIs(event, 'sent');
    const get = (path: string) => fetch(`http://127.0.0.1:${notifications.port}${path}`);

    expect(await (await get('/mail')).text()).toContain(`/mail/${event.id}`);
    expect(await (await get(`/mail/${event.id}`)).text()).toContain('Welcome aboard, Ada.');
    expect((await get('/mail/..%2F..%2Fetc%2Fpasswd')).status).toBe(404);
  });
});

describe('with a mail server', () => {
  let smtp: TestSmtp;
  let sending: RunningService;
  beforeAll(async () => {
    smtp = await testSmtp();
    await notifications.close();
    sending = await start({ SMTP_URL: smtp.url });
  });
  afterAll(async () => {
    await sending.close();
    await smtp.kill();
    notifications = await start({ MAIL_DIR: directory });
  });

  it('a mail is tried again when the server asks for that, and arrives once', async () => {
    smtp.busy = true;
    const event = await register();
    await eventually(() => expect(smtp.refusals).toBeGreaterThan(0));
    smtp.busy = false;
    await outcomeIs(event, 'sent');

    const arrived = smtp.received.filter(({ messageId }) => messageId?.includes(event.id));
    expect(arrived).toHaveLength(1);
    expect(arrived[0]).toMatchObject({
      from: { address: 'no-reply@flotilla.example' },
      subject: 'Welcome to Flotilla',
    });
  });

  it('there is no page with mails', async () => {
    const { status } = await fetch(`http://127.0.0.1:${sending.port}/mail`);
    expect(status).toBe(404);
  });
});
