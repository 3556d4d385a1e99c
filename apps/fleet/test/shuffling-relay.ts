import { readStreamOperation } from '@flotilla/contracts/event-stream';
import { type EventEnvelope, eventSubject, ORDERS_EVENTS } from '@flotilla/contracts/events';
import { newUuid } from '@flotilla/contracts/ids';
import { NatsLink } from '@flotilla/messaging/nats-link';
import { HealthRegistry } from '@flotilla/runtime/health-registry';
import { createLogger } from '@flotilla/runtime/logger';
import { eventually } from '@flotilla/testing/eventually';
import type { RunningFleet } from '@flotilla/testing/fleet';
import { jetstreamManager } from '@nats-io/jetstream';
import { Operator } from '../src/operator.js';
import { rows } from './actions.js';

/** Takes the events of orders away from its relay: those appended from now on seem to be published already. */
export async function holdBackEvents(fleet: RunningFleet): Promise<void> {
  await rows(
    fleet,
    'orders',
    `CREATE FUNCTION hold_back() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       NEW.published_at := clock_timestamp();
       RETURN NEW;
     END $$;
     CREATE TRIGGER held_back BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION hold_back()`,
  );
}

export async function letEventsGo(fleet: RunningFleet): Promise<void> {
  await rows(fleet, 'orders', 'DROP FUNCTION IF EXISTS hold_back() CASCADE');
}

/**
 * The relay at its worst: publishes all events of orders twice and in any order, each time under a new message id.
 * Resolves when every consumer has done with all of them.
 */
export async function publishTwiceShuffled(fleet: RunningFleet): Promise<void> {
  const { natsUrl } = fleet.file();
  const events = await everyEvent(fleet, natsUrl);
  const logger = createLogger('relay', 'silent');
  const link = new NatsLink({ service: 'relay', natsUrl }, logger, new HealthRegistry());
  link.onModuleInit();
  try {
    const manager = await jetstreamManager(await link.connection());
    const client = manager.jetstream();
    for (const event of shuffled([...events, ...events])) {
      await client.publish(eventSubject(ORDERS_EVENTS, event.type), JSON.stringify(event), {
        msgID: newUuid(),
      });
    }
    await eventually(
      async () => {
        const consumers = await manager.consumers.list(ORDERS_EVENTS.stream).next();
        return consumers.every((one) => one.num_pending === 0 && one.num_ack_pending === 0);
      },
      { timeoutMs: 60_000, everyMs: 100 },
    );
  } finally {
    await link.onApplicationShutdown();
  }
}

async function everyEvent(fleet: RunningFleet, natsUrl: string): Promise<EventEnvelope[]> {
  const streams = await rows<{ id: string }>(
    fleet,
    'orders',
    'SELECT DISTINCT stream_id AS id FROM events',
  );
  const operator = await Operator.connect(natsUrl);
  try {
    const answers = await Promise.all(
      streams.map(({ id }) =>
        operator.call(readStreamOperation('orders'), { streamId: id, afterVersion: 0 }),
      ),
    );
    return answers.flatMap(({ events }) => events);
  } finally {
    await operator.close();
  }
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
