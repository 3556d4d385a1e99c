import { describe, expect, it } from '@jest/globals';
import type { Actor } from '@flotilla/contracts/actor';
import {
  API_KEYS_EVENTS,
  IDENTITY_EVENTS,
  INVENTORY_EVENTS,
  ORDERS_EVENTS,
} from '@flotilla/contracts/events';
import { newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import {
  ChangeWebhookEndpoint,
  CreateWebhookEndpoint,
  GetWebhookEndpoint,
  ListWebhookEndpoints,
  RemoveWebhookEndpoint,
  RotateWebhookSecret,
  TestWebhookEndpoint,
} from '@flotilla/contracts/webhooks';
import { eventually } from '@flotilla/testing/eventually';
import { Webhook } from 'standardwebhooks';
import {
  PATIENT,
  someone,
  type WebhooksUnderTest,
  withWebhooks,
} from '../test/webhooks-under-test.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let webhooks: WebhooksUnderTest;
withWebhooks((started) => (webhooks = started));

describe('an endpoint', () => {
  it('gets the event as the feed has it, signed, and is told once', async () => {
    const actor = someone();
    const made = await webhooks.endpoint(actor);
    const event = await webhooks.order(actor);
    const [message] = await webhooks.arrived(made.path);
    expect(new Webhook(made.secret).verify(message!.body, message!.headers as never)).toEqual({
      id: event.id,
      type: 'order.placed',
      version: 1,
      subject: event.subject,
      occurredAt: event.occurredAt,
      data: { number: 'F-1' },
    });
    expect(message!.headers['webhook-id']).toBe(event.id);
    const delivery = await webhooks.logged(actor, made, { status: 'delivered', attempts: 1 });
    expect(delivery).toMatchObject({ eventId: event.id, responseStatus: 204, failure: null });

    await webhooks.producers.repeat(ORDERS_EVENTS, event);
    await webhooks.everythingDecided();
    expect(webhooks.receiver.at(made.path)).toHaveLength(1);
  });

  it('hears of its types and of no others, with the version that orders them', async () => {
    const actor = someone();
    const made = await webhooks.endpoint(actor, ['order.paid', 'api_key.*']);
    const placed = await webhooks.order(actor);
    await webhooks.next(placed, 'order.paid', 2);
    await webhooks.next(placed, 'order.cancelled', 3);
    const by = { userId: actor.userId, mode: actor.mode };
    await webhooks.producers.publish(
      API_KEYS_EVENTS,
      'api_key.created',
      {},
      {
        subject: toId('key', newUuid()),
        actor: by,
      },
    );
    await webhooks.arrived(made.path, 2);
    await webhooks.everythingDecided();
    const told = webhooks.receiver.at(made.path).map(({ event }) => [event.type, event.version]);
    expect(told.toSorted()).toEqual([
      ['api_key.created', 1],
      ['order.paid', 2],
    ]);
  });

  it('of a customer hears of nobody else, nor of stock; that of staff of everybody; each in its mode', async () => {
    const [customer, staff] = [someone(), someone('staff')];
    const tester: Actor = { ...customer, mode: 'test' };
    const own = await webhooks.endpoint(customer, ['*']);
    const tests = await webhooks.endpoint(tester, ['*']);
    const all = await webhooks.endpoint(staff, ['*']);
    const events = [
      await webhooks.order(customer),
      await webhooks.order(someone()),
      await webhooks.order(tester),
      await webhooks.producers.publish(
        INVENTORY_EVENTS,
        'stock.adjusted',
        { sku: 'X' },
        { subject: 'X', actor: { userId: customer.userId, mode: 'live' } },
      ),
    ];
    await webhooks.everythingDecided();
    const heard = (path: string) => webhooks.receiver.at(path).map(({ event }) => event.id);
    await eventually(() => expect(heard(all.path)).toContain(events[3]!.id), PATIENT);
    await webhooks.arrived(tests.path);
    expect(heard(own.path)).toEqual([events[0]!.id]);
    expect(heard(tests.path)).toEqual([events[2]!.id]);
    const [first, second, , fourth] = events.map(({ id }) => id);
    expect(heard(all.path)).toEqual(expect.arrayContaining([first, second, fourth]));
    expect(heard(all.path)).not.toContain(events[2]!.id);
    await webhooks.ask(staff, RemoveWebhookEndpoint, { endpointId: all.id });
  });

  it('that hears of everybody hears of its owner only once it was changed by who may not read the feed', async () => {
    const staff = someone('staff');
    const made = await webhooks.endpoint(staff);
    const changed = await webhooks.endpoint(staff);
    const app: Actor = { ...staff, permissions: ['webhooks:write'] };
    const changes = { url: webhooks.receiver.url('/elsewhere') };
    await webhooks.ask(app, ChangeWebhookEndpoint, { endpointId: changed.id, changes });
    const [others, own] = [await webhooks.order(someone()), await webhooks.order(staff)];
    await webhooks.arrived('/elsewhere');
    await webhooks.arrived(made.path, 2);
    const heard = (path: string) => webhooks.receiver.at(path).map(({ event }) => event.id);
    expect(heard('/elsewhere')).toEqual([own.id]);
    expect(heard(made.path)).toEqual(expect.arrayContaining([others.id, own.id]));
    for (const { id } of [made, changed]) {
      await webhooks.ask(staff, RemoveWebhookEndpoint, { endpointId: id });
    }
  });

  it('is nobody else’s, and answers a repetition without its secret, which is nowhere', async () => {
    const actor = someone();
    const url = webhooks.receiver.url('/own');
    const request = { idempotencyKey: newUuid(), endpoint: { url, events: ['*'] } };
    const { answer } = await webhooks.ask(actor, CreateWebhookEndpoint, request);
    const again = await webhooks.ask(actor, CreateWebhookEndpoint, request);
    expect(again).toEqual({ answer: { ...answer, secret: null }, replayed: true });
    const others = [someone('admin'), { ...actor, mode: 'test' as const }];
    for (const other of others) {
      const refusal = webhooks.ask(other, GetWebhookEndpoint, { endpointId: answer.id });
      await expect(refusal).rejects.toMatchObject({ code: 'not-found' });
      expect((await webhooks.ask(other, ListWebhookEndpoints, {})).data).toEqual([]);
      const removal = webhooks.ask(other, RemoveWebhookEndpoint, { endpointId: answer.id });
      await expect(removal).rejects.toMatchObject({ code: 'not-found' });
    }
    const { rows } = await webhooks.database.pool().query(
      `SELECT 1 FROM webhook_endpoints AS e WHERE strpos(e::text, $1) > 0
       UNION ALL SELECT 1 FROM idempotency_records AS r WHERE strpos(r::text, $1) > 0`,
      [answer.secret!.slice(6, 30)],
    );
    expect(rows).toEqual([]);
  });

  it('signs with both secrets while they overlap', async () => {
    const actor = someone();
    const made = await webhooks.endpoint(actor);
    const rotation = { overlapSeconds: 3_600 };
    const request = { idempotencyKey: newUuid(), endpointId: made.id, rotation };
    const { answer } = await webhooks.ask(actor, RotateWebhookSecret, request);
    await webhooks.order(actor);
    const [both] = await webhooks.arrived(made.path);
    for (const secret of [made.secret, answer.secret!]) {
      new Webhook(secret).verify(both!.body, both!.headers as never);
    }
    webhooks.pass(HOUR + MINUTE);
    await webhooks.order(actor);
    const [, later] = await webhooks.arrived(made.path, 2);
    expect(later!.headers['webhook-signature']).not.toContain(' ');
    webhooks.pass(-HOUR - MINUTE); // receivers go by the real time
  });

  it('can be tried out', async () => {
    const actor = someone();
    const made = await webhooks.endpoint(actor, ['user.erased']);
    const request = { idempotencyKey: newUuid(), endpointId: made.id };
    const { answer } = await webhooks.ask(actor, TestWebhookEndpoint, request);
    const [message] = await webhooks.arrived(made.path);
    expect(message!.event).toMatchObject({
      id: answer.eventId,
      type: 'webhook.test',
      subject: made.id,
    });
    await webhooks.logged(actor, made, { id: answer.id, status: 'delivered' });
  });
});

describe('the endpoints of a user who', () => {
  const told = (actor: Actor, type: string, data: object, version: number) =>
    webhooks.producers.publish(IDENTITY_EVENTS, type, data, {
      subject: actor.userId,
      streamId: toUuid('usr', actor.userId),
      version,
    });

  it('is no longer staff hear of their own things only', async () => {
    const actor = someone('staff');
    const made = await webhooks.endpoint(actor);
    await told(actor, 'user.role_changed', { role: 'customer' }, 1);
    const heardAll = async () => {
      const { rows } = await webhooks.database
        .pool()
        .query<{ hears_all: boolean }>('SELECT hears_all FROM webhook_endpoints WHERE id = $1', [
          toUuid('whe', made.id),
        ]);
      return rows[0]!.hears_all;
    };
    await eventually(async () => expect(await heardAll()).toBe(false), PATIENT);
    await webhooks.order(someone());
    const own = await webhooks.order(actor);
    await webhooks.arrived(made.path);
    await webhooks.everythingDecided();
    expect(webhooks.receiver.at(made.path).map(({ event }) => event.id)).toEqual([own.id]);
  });

  it('is disabled get nothing, and go with the user', async () => {
    const actor = someone();
    const made = await webhooks.endpoint(actor);
    await told(actor, 'user.disabled', {}, 1);
    await eventually(async () => {
      const view = await webhooks.ask(actor, GetWebhookEndpoint, { endpointId: made.id });
      expect(view.disabledReason).toBe('owner-disabled');
    }, PATIENT);
    await webhooks.order(actor);
    await webhooks.everythingDecided();
    expect(webhooks.receiver.at(made.path)).toEqual([]);
    await told(actor, 'user.erased', {}, 2);
    await eventually(async () => {
      const gone = webhooks.ask(actor, GetWebhookEndpoint, { endpointId: made.id });
      await expect(gone).rejects.toMatchObject({ code: 'not-found' });
    }, PATIENT);
  });
});
