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
    webhooks.receiver.answer(made.path, 204);
    const changes = { enabled: true };
    await webhooks.ask(actor, ChangeWebhookEndpoint, { endpointId: made.id, changes });
    const next = await webhooks.order(actor);
    await webhooks.logged(actor, made, { eventId: next.id, status: 'delivered' });
    expect(await webhooks.log(actor, made.id)).toHaveLength(2);
  });

  it('keeps no other endpoint waiting', async () => {
    const actor = someone();
    const bad = await webhooks.endpoint(actor, ['order.paid']);
    const events = ['order.paid', 'order.confirmed'];
    const good = [];
    for (let n = 0; n < 99; n += 1) good.push(await webhooks.endpoint(actor, events));
    webhooks.receiver.answer(bad.path, 'nothing');
    const placed = await webhooks.order(actor);
    for (let version = 2; version < 12; version += 1) {
      await webhooks.next(placed, 'order.paid', version);
    }
    await webhooks.arrived(bad.path);
    await webhooks.next(placed, 'order.confirmed', 12);
    // The ten messages to the bad one take ten seconds each before they are given up: nobody here waits for so many.
    for (const { path } of good) await webhooks.arrived(path, 11);
    const [stuck] = await webhooks.log(actor, bad.id);
    expect(stuck!.status).toBe('pending');
    await webhooks.ask(actor, RemoveWebhookEndpoint, { endpointId: bad.id });
  });
});
