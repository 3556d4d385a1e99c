import { describe, expect, it } from '@jest/globals';
import { toUuid } from '@flotilla/contracts/ids';
import {
  ChangeWebhookEndpoint,
  GetWebhookEndpoint,
  RemoveWebhookEndpoint,
  RetryWebhookDelivery,
} from '@flotilla/contracts/webhooks';
import { eventually } from '@flotilla/testing/eventually';
import {
  type MadeEndpoint,
  PATIENT,
  someone,
  type WebhooksUnderTest,
  withWebhooks,
} from '../test/webhooks-under-test.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let webhooks: WebhooksUnderTest;
withWebhooks((started) => (webhooks = started));

describe('what an endpoint does not take', () => {
  it('is sent again later and later, under the same id, until it does', async () => {
    const actor = someone();
    const made = await webhooks.endpoint(actor);
    webhooks.receiver.answer(made.path, 500);
    await webhooks.order(actor);
    await webhooks.logged(actor, made, { status: 'pending', attempts: 1, responseStatus: 500 });
    webhooks.pass(MINUTE);
    await webhooks.logged(actor, made, { status: 'pending', attempts: 2 });
    webhooks.receiver.answer(made.path, 200);
    webhooks.pass(10 * MINUTE);
    await webhooks.logged(actor, made, { status: 'delivered', attempts: 3, nextAttemptAt: null });
    expect(
      new Set(webhooks.receiver.at(made.path).map(({ headers }) => headers['webhook-id'])).size,
    ).toBe(1);
  });

  it('is given up after three days, and can be sent again by hand', async () => {
    const actor = someone();
    const made = await webhooks.endpoint(actor);
    webhooks.receiver.answer(made.path, 503);
    await webhooks.order(actor);
    const { id } = await webhooks.logged(actor, made, { status: 'pending', attempts: 1 });
    const request = { endpointId: made.id, deliveryId: id };
    await expect(webhooks.ask(actor, RetryWebhookDelivery, request)).rejects.toMatchObject({
      code: 'illegal-transition',
    });
    webhooks.pass(73 * HOUR);
    await webhooks.logged(actor, made, { status: 'dead', nextAttemptAt: null });
    webhooks.receiver.answer(made.path, 200);
    await expect(webhooks.ask(someone(), RetryWebhookDelivery, request)).rejects.toMatchObject({
      code: 'not-found',
    });
    await webhooks.ask(actor, RetryWebhookDelivery, request);
    await webhooks.logged(actor, made, { id, status: 'delivered' });
  });

  it('is sent again when whoever sent it never said what came of it', async () => {
    const actor = someone();
    const made = await webhooks.endpoint(actor);
    await webhooks.order(actor);
    const { id } = await webhooks.logged(actor, made, { status: 'delivered' });
    await webhooks.database.pool().query(
      // As a process leaves it that was killed between sending and writing.
      `UPDATE webhook_deliveries SET status = 'pending', due_at = $2 WHERE id = $1`,
      [toUuid('dlv', id), new Date(webhooks.now().getTime() + MINUTE)],
    );
    webhooks.pass(2 * MINUTE);
    expect(await webhooks.arrived(made.path, 2)).toHaveLength(2);
  });

  it('with 410 is the last, until its owner says otherwise', async () => {
    const actor = someone();
    const made = await webhooks.endpoint(actor);
    webhooks.receiver.answer(made.path, 410);
    await webhooks.order(actor);
    await webhooks.logged(actor, made, { status: 'dead', attempts: 1 });
    await eventually(async () => {
      const view = await webhooks.ask(actor, GetWebhookEndpoint, { endpointId: made.id });
      expect(view).toMatchObject({ enabled: false, disabledReason: 'gone' });
    }, PATIENT);
    await webhooks.order(actor); // while it is disabled
    await webhooks.everythingDecided();
    const [last] = await webhooks.log(actor, made.id);
    const request = { endpointId: made.id, deliveryId: last!.id };
    await expect(webhooks.ask(actor, RetryWebhookDelivery, request)).rejects.toMatchObject({
      code: 'illegal-transition',
    });
    webhooks.receiver.answer(made.path, 204);
    const changes = { enabled: true };
    await webhooks.ask(actor, ChangeWebhookEndpoint, { endpointId: made.id, changes });
    const next = await webhooks.order(actor);
    await webhooks.logged(actor, made, { eventId: next.id, status: 'delivered' });
    expect(await webhooks.log(actor, made.id)).toHaveLength(2);
  });

  it('keeps no other endpoint waiting, though they are all at one host', async () => {
    const actor = someone();
    const bad = await webhooks.endpoint(actor, ['order.paid']);
    const good = [];
    for (let n = 0; n < 99; n += 1) good.push(await webhooks.endpoint(actor, ['order.confirmed']));
    webhooks.receiver.answer(bad.path, 'nothing');
    const placed = await webhooks.order(actor);
    for (let version = 2; version < 42; version += 1) {
      await webhooks.next(placed, 'order.paid', version);
    }
    await webhooks.arrived(bad.path, 16); // as many as an endpoint is sent at once
    await webhooks.next(placed, 'order.confirmed', 42);
    for (const made of good) {
      await webhooks.logged(actor, made, { status: 'delivered', attempts: 1, responseStatus: 204 });
    }
    await webhooks.ask(actor, RemoveWebhookEndpoint, { endpointId: bad.id });
  });

  it('leaves most of what is sent at once to others, however many endpoints of one owner do not answer', async () => {
    const [crowd, other] = [someone(), someone()];
    const stuck: MadeEndpoint[] = [];
    for (let n = 0; n < 20; n += 1) stuck.push(await webhooks.endpoint(crowd, ['order.paid']));
    const good = await webhooks.endpoint(other);
    for (const { path } of stuck) webhooks.receiver.answer(path, 'nothing');
    const placed = await webhooks.order(crowd);
    for (let version = 2; version < 18; version += 1) {
      await webhooks.next(placed, 'order.paid', version);
    }
    const sent = () => stuck.reduce((sum, { path }) => sum + webhooks.receiver.at(path).length, 0);
    await eventually(() => expect(sent()).toBeGreaterThanOrEqual(64), PATIENT);
    await webhooks.order(other);
    await webhooks.arrived(good.path);
    expect(sent()).toBe(64);
    for (const { id } of stuck) {
      await webhooks.ask(crowd, RemoveWebhookEndpoint, { endpointId: id });
    }
  });
});
