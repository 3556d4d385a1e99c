import { type Actor, ROLE_PERMISSIONS, type Role } from '@flotilla/contracts/actor';
import { type EventEnvelope, INVENTORY_EVENTS, ORDERS_EVENTS } from '@flotilla/contracts/events';
import { type Id, newUuid, toId } from '@flotilla/contracts/ids';
import type { Operation } from '@flotilla/contracts/operation';
import {
  CreateWebhookEndpoint,
  ListWebhookDeliveries,
  RemoveWebhookEndpoint,
  type WebhookDeliveryView,
  type WebhookEndpointWithSecret,
} from '@flotilla/contracts/webhooks';
import { SystemClock } from '@flotilla/runtime/clock';
import { eventually } from '@flotilla/testing/eventually';
import { testNats } from '@flotilla/testing/nats';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { afterAll, beforeAll, jest } from '@jest/globals';
import { migrations } from '../src/migrations.js';
import { type Producers, startProducers } from './producers.js';
import { type Received, type Receiver, startReceiver } from './receiver.js';
import { startNotifications } from './start-notifications.js';

/** On a busy machine everything takes longer. */
export const PATIENT = { timeoutMs: 60_000 };

type Ask = <Request extends object, Response>(
  actor: Actor,
  operation: Operation<Request, Response>,
  request: Request,
) => Promise<Response>;

/** An endpoint, and the path of the receiver that it is at. */
export type MadeEndpoint = WebhookEndpointWithSecret & { path: string; secret: string };

/** Notifications with a database and a broker of their own, and a server for them to post to. */
export interface WebhooksUnderTest {
  database: TestDatabase;
  producers: Producers;
  receiver: Receiver;
  ask: Ask;
  endpoint(actor: Actor, events?: string[]): Promise<MadeEndpoint>;
  /** An order of this user is placed. */
  order(actor: Actor): Promise<EventEnvelope>;
  /** Something more happens to an order. */
  next(placed: EventEnvelope, type: string, version: number): Promise<EventEnvelope>;
  /** So many messages at a path, as soon as they are there. */
  arrived(path: string, number?: number): Promise<Received[]>;
  log(actor: Actor, endpointId: Id<'whe'>): Promise<WebhookDeliveryView[]>;
  /** The newest delivery of an endpoint, as soon as the log says this of it. */
  logged(
    actor: Actor,
    endpoint: { id: Id<'whe'> },
    expected: Partial<WebhookDeliveryView>,
  ): Promise<WebhookDeliveryView>;
  /** Everything fed so far has been decided on. */
  everythingDecided(): Promise<void>;
  /** The clock of notifications. */
  now(): Date;
  /** Moves it. */
  pass(ms: number): void;
  close(): Promise<void>;
}

export function someone(role: Role = 'customer', mode: Actor['mode'] = 'live'): Actor {
  return { userId: toId('usr', newUuid()), mode, permissions: ROLE_PERMISSIONS[role] };
}

/** Gives the tests of a file notifications of their own, and the time that these need. */
export function withWebhooks(given: (webhooks: WebhooksUnderTest) => void): void {
  jest.setTimeout(120_000);
  let webhooks: WebhooksUnderTest | undefined;
  beforeAll(async () => given((webhooks = await startWebhooks())));
  afterAll(() => webhooks?.close());
}

async function startWebhooks(): Promise<WebhooksUnderTest> {
  let offset = 0;
  const now = () => new Date(Date.now() + offset);
  jest.spyOn(SystemClock.prototype, 'now').mockImplementation(now);
  const [database, nats] = await Promise.all([testDatabase(migrations), testNats()]);
  const producers = await startProducers(nats.url);
  const receiver = await startReceiver();
  const env = { WEBHOOKS_ALLOW_PRIVATE_TARGETS: 'true' };
  const notifications = await startNotifications({ database, nats, env });
  let paths = 0;

  const ask: Ask = (actor, operation, request) =>
    producers.rpc.call(operation, request, { actor, timeoutMs: 10_000 });
  const endpoint = async (actor: Actor, events = ['order.*']): Promise<MadeEndpoint> => {
    const path = `/hook-${(paths += 1)}`;
    const request = {
      idempotencyKey: newUuid(),
      endpoint: { url: receiver.url(path), events },
    };
    const { answer } = await ask(actor, CreateWebhookEndpoint, request);
    return { ...answer, path, secret: answer.secret! };
  };
  const arrived = (path: string, number = 1): Promise<Received[]> =>
    eventually(() => {
      const found = receiver.at(path);
      if (found.length >= number) return found;
      throw new Error(`${found.length} of ${number} at ${path}`);
    }, PATIENT);
  const log = async (actor: Actor, endpointId: Id<'whe'>) =>
    (await ask(actor, ListWebhookDeliveries, { endpointId })).data;

  return {
    database,
    producers,
    receiver,
    ask,
    endpoint,
    arrived,
    log,
    order: ({ userId, mode }) => {
      const streamId = newUuid();
      return producers.publish(
        ORDERS_EVENTS,
        'order.placed',
        { number: 'F-1', requestHash: 'secret' },
        { streamId, subject: toId('ord', streamId), actor: { userId, mode } },
      );
    },
    next: ({ streamId, subject }, type, version) =>
      producers.publish(
        ORDERS_EVENTS,
        type,
        {},
        { streamId, subject, version, actor: { system: 'orders' } },
      ),
    logged: (actor, { id }, expected) =>
      eventually(async () => {
        const [delivery] = await log(actor, id);
        for (const [field, value] of Object.entries(expected)) {
          if (delivery?.[field as keyof WebhookDeliveryView] !== value) {
            throw new Error(`${JSON.stringify(delivery)} is not ${JSON.stringify(expected)}`);
          }
        }
        return delivery!;
      }, PATIENT),
    everythingDecided: async () => {
      const staff = someone('staff');
      const watch = await endpoint(staff, ['stock.low']);
      await producers.publish(INVENTORY_EVENTS, 'stock.low', { sku: 'X' }, { subject: 'X' });
      await arrived(watch.path);
      await ask(staff, RemoveWebhookEndpoint, { endpointId: watch.id });
    },
    now,
    pass: (ms) => void (offset += ms),
    close: async () => {
      await notifications.close();
      await receiver.close();
      await producers.close();
      await nats.stop();
      await database.drop();
    },
  };
}
