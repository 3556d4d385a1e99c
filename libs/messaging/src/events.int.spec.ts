import { eventChannel, type EventEnvelope, eventSubject } from '@flotilla/contracts/events';
import { currentContext } from '@flotilla/runtime/request-context';
import { eventually } from '@flotilla/testing/eventually';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Injectable } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestService, type TestService } from '../test/service.js';
import type { EventDelivery, EventMiddleware, NextEvent } from './events.js';
import { OnEvent } from './events.js';
import { JetStream } from './jetstream.js';
import type { MessagingOptions } from './messaging-options.js';

const SHOP = eventChannel('shop');

interface Seen {
  streamId: string;
  version: number;
  attempt: number;
}

/** What the handlers below saw, by consumer, and how they are to behave. */
const seen = { good: [] as Seen[], bad: [] as Seen[], requestIds: [] as (string | undefined)[] };
let goodHandler: (event: EventEnvelope, delivery: EventDelivery) => Promise<void>;
let badHandler: (event: EventEnvelope, delivery: EventDelivery) => Promise<void>;

@Controller()
class ShopEvents {
  @OnEvent(SHOP, 'order.*', 'good')
  async good(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    await goodHandler(event, delivery);
    seen.requestIds.push(currentContext()?.requestId);
    seen.good.push({ streamId: event.streamId, version: event.version, attempt: delivery.attempt });
  }

  @OnEvent(SHOP, 'order.*', 'bad')
  async bad(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    await badHandler(event, delivery);
    seen.bad.push({ streamId: event.streamId, version: event.version, attempt: delivery.attempt });
  }
}

@Injectable()
class SkipSecond implements EventMiddleware {
  async handle(delivery: EventDelivery, next: NextEvent): Promise<void> {
    if (delivery.event.version !== 2) await next();
  }
}

function envelope(streamId: string, version: number, type = 'order.placed'): EventEnvelope {
  return {
    id: `evt_${randomUUID()}`,
    type,
    version,
    subject: 'ord_1',
    streamId,
    occurredAt: '2026-01-01T00:00:00.000Z',
    actor: { system: 'test' },
    data: {},
  };
}

/** More than any stop takes that waits for nothing but what it should, on a busy machine too. */
const PATIENT = { drainMs: 20_000 };

describe('events over JetStream', () => {
  let nats: TestNats;
  const running: TestService[] = [];

  beforeEach(async () => {
    seen.good = [];
    seen.bad = [];
    seen.requestIds = [];
    goodHandler = badHandler = () => Promise.resolve();
    nats = await testNats();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.close()));
    await nats.stop();
  });

  async function start(options: Partial<MessagingOptions> = {}): Promise<TestService> {
    const service = await startTestService(
      { service: 'shop', natsUrl: nats.url, ...options },
      [ShopEvents],
      [SkipSecond],
    );
    running.push(service);
    return service;
  }

  /** Publishes once the stream exists, as a relay would that keeps trying. */
  async function publish(service: TestService, events: readonly EventEnvelope[]): Promise<void> {
    const client = (await service.app.get(JetStream).manager()).jetstream();
    for (const event of events) {
      await eventually(() =>
        client.publish(eventSubject(SHOP, event.type), JSON.stringify(event), {
          msgID: event.id,
          timeout: 1_000,
        }),
      );
    }
  }

  const versionsOf = (entries: Seen[], streamId: string): number[] =>
    entries.filter((entry) => entry.streamId === streamId).map((entry) => entry.version);

  it('reach every handler whose filter matches, in the context of the event', async () => {
    const service = await start();
    const event = envelope('s1', 1);
    await publish(service, [envelope('s0', 1, 'invoice.sent'), event]);
    await eventually(() => seen.good.length === 1 && seen.bad.length === 1);
    expect(seen.good).toEqual([{ streamId: 's1', version: 1, attempt: 1 }]);
    expect(seen.requestIds).toEqual([event.id]);
  });

  it('are handled by one of several replicas, not by each', async () => {
    const service = await start();
    await start();
    const events = Array.from({ length: 50 }, (_, index) => envelope(`s${index}`, 1));
    await publish(service, events);
    await eventually(() => seen.good.length >= 50);
    expect(new Set(seen.good.map((entry) => entry.streamId)).size).toBe(50);
    expect(seen.good).toHaveLength(50);
  });

  it('of a failing handler are delivered to it again, and hold up no other handler', async () => {
    badHandler = () => Promise.reject(new Error('out of order'));
    const service = await start();
    const events = [1, 2, 3].map((version) => envelope('s1', version));
    await publish(service, events);
    await eventually(() => versionsOf(seen.good, 's1').length === 3);
    expect(seen.bad).toEqual([]);
    badHandler = () => Promise.resolve();
    await eventually(() => seen.bad.length === 3);
    expect(Math.min(...seen.bad.map((entry) => entry.attempt))).toBeGreaterThan(1);
    expect(seen.good).toHaveLength(3);
    expect(service.logs.some((line) => line.includes('out of order'))).toBe(true);
  });

  it('of one stream are handled in order and one at a time, those of others meanwhile', async () => {
    const active = new Map<string, number>();
    let mostAtOnce = 0;
    let overlapped = false;
    goodHandler = async ({ streamId }) => {
      const others = active.get(streamId) ?? 0;
      overlapped ||= others > 0;
      active.set(streamId, others + 1);
      mostAtOnce = Math.max(
        mostAtOnce,
        [...active.values()].reduce((sum, count) => sum + count, 0),
      );
      await sleep(5);
      active.set(streamId, active.get(streamId)! - 1);
    };
    const service = await start();
    const streams = ['a', 'b', 'c', 'd'];
    const versions = Array.from({ length: 20 }, (_, index) => index + 1);
    await publish(
      service,
      versions.flatMap((version) => streams.map((stream) => envelope(stream, version))),
    );
    await eventually(() => seen.good.length === streams.length * versions.length);
    for (const stream of streams) expect(versionsOf(seen.good, stream)).toEqual(versions);
    expect(overlapped).toBe(false);
    expect(mostAtOnce).toBeGreaterThan(1);
  });

  it('are handled by all consumers together no more at once than the service allows', async () => {
    let active = 0;
    let mostAtOnce = 0;
    goodHandler = badHandler = async () => {
      active += 1;
      mostAtOnce = Math.max(mostAtOnce, active);
      await sleep(5);
      active -= 1;
    };
    const service = await start({ eventConcurrency: 3 });
    await publish(
      service,
      Array.from({ length: 40 }, (_, index) => envelope(`s${index}`, 1)),
    );
    await eventually(() => seen.good.length === 40 && seen.bad.length === 40);
    expect(mostAtOnce).toBe(3);
  });

  it('whose handler never ends leave a stopping service time for the rest', async () => {
    let release = (): void => undefined;
    const stuck = new Promise<void>((resolve) => (release = resolve));
    goodHandler = () => stuck;
    let reached = false;
    badHandler = () => Promise.resolve(void (reached = true));
    const service = await start({ drainMs: 4_000 });
    await publish(service, [envelope('s1', 1)]);
    await eventually(() => reached);
    const started = performance.now();
    await running.splice(0)[0]!.close();
    expect(performance.now() - started).toBeLessThan(4_000);
    release();
  });

  it('of other streams go on while one stream is stuck', async () => {
    let release = (): void => undefined;
    const stuck = new Promise<void>((resolve) => (release = resolve));
    goodHandler = ({ streamId }) => (streamId === 'stuck' ? stuck : Promise.resolve());
    const service = await start();
    await publish(service, [envelope('stuck', 1), envelope('stuck', 2), envelope('other', 1)]);
    await eventually(() => versionsOf(seen.good, 'other').length === 1);
    expect(versionsOf(seen.good, 'stuck')).toEqual([]);
    release();
    await eventually(() => versionsOf(seen.good, 'stuck').length === 2);
  });

  it('pass the middleware of the service, which may keep them from the handler', async () => {
    const service = await start({ eventMiddleware: [SkipSecond] });
    await publish(
      service,
      [1, 2, 3].map((version) => envelope('s1', version)),
    );
    await eventually(() => seen.good.length === 2 && seen.bad.length === 2);
    expect(versionsOf(seen.good, 's1')).toEqual([1, 3]);
  });

  it('that are not events are discarded and stop nothing', async () => {
    const service = await start();
    const client = (await service.app.get(JetStream).manager()).jetstream();
    await eventually(() => client.publish(eventSubject(SHOP, 'order.placed'), '{"half":'));
    await publish(service, [envelope('s1', 1)]);
    await eventually(() => seen.good.length === 1);
    const { consumers } = await service.app.get(JetStream).manager();
    await eventually(async () => (await consumers.info(SHOP.stream, 'good')).num_ack_pending === 0);
  });

  it('not begun when a service stops go to the next one without waiting for a time-out', async () => {
    let release = (): void => undefined;
    const stuck = new Promise<void>((resolve) => (release = resolve));
    goodHandler = () => stuck;
    const first = await start();
    await publish(
      first,
      [1, 2, 3].map((version) => envelope('s1', version)),
    );
    await eventually(async () => {
      const { consumers } = await first.app.get(JetStream).manager();
      return (await consumers.info(SHOP.stream, 'good')).num_ack_pending === 3;
    });
    const closing = first.close();
    release();
    await closing;
    expect(versionsOf(seen.good, 's1')).toEqual([1]);
    await start();
    await eventually(() => versionsOf(seen.good, 's1').length === 3);
  });

  it('in a full queue keep no service from stopping once those that began are done', async () => {
    let release = (): void => undefined;
    const stuck = new Promise<void>((resolve) => (release = resolve));
    goodHandler = () => stuck;
    const first = await start(PATIENT);
    const events = Array.from({ length: 128 }, (_, index) => envelope(`s${index}`, 1));
    await publish(first, events);
    const { consumers } = await first.app.get(JetStream).manager();
    const good = () => consumers.info(SHOP.stream, 'good');
    await eventually(async () => (await good()).num_ack_pending === 128);
    // Takes what the first gives back, so that there is nothing left for the first to wait for.
    await start();
    await eventually(async () => (await good()).num_waiting === 1);
    const started = performance.now();
    const closing = first.close();
    release();
    await closing;
    expect(performance.now() - started).toBeLessThan(PATIENT.drainMs / 2);
    await eventually(() => new Set(seen.good.map((entry) => entry.streamId)).size === 128);
  });

  it('that were not acknowledged survive a broker that is killed', async () => {
    goodHandler = () => Promise.reject(new Error('not yet'));
    const service = await start();
    await publish(service, [envelope('s1', 1)]);
    await nats.kill();
    goodHandler = () => Promise.resolve();
    await nats.restart();
    await eventually(() => seen.good.length === 1, { timeoutMs: 40_000 });
  });

  it('arrive again within seconds after the broker was killed and came back having forgotten everything', async () => {
    const service = await start();
    await publish(service, [envelope('s1', 1)]);
    await eventually(() => seen.good.length === 1 && seen.bad.length === 1);
    await nats.kill();
    await nats.restart({ wipe: true });
    await publish(service, [envelope('s2', 1)]);
    await eventually(
      () => versionsOf(seen.good, 's2').length === 1 && versionsOf(seen.bad, 's2').length === 1,
    );
  });

  it('arrive again after somebody deleted the consumer or the whole stream', async () => {
    const service = await start();
    await publish(service, [envelope('s1', 1)]);
    await eventually(() => seen.good.length === 1);
    const manager = await service.app.get(JetStream).manager();
    await manager.streams.delete(SHOP.stream);
    await publish(service, [envelope('s2', 1)]);
    await eventually(() => versionsOf(seen.good, 's2').length === 1);
  });

  it('leave nobody to tell when the service stops while the broker is away', async () => {
    const service = await start(PATIENT);
    await publish(service, [envelope('s1', 1)]);
    await eventually(() => seen.good.length === 1);
    await nats.kill();
    const started = performance.now();
    await running.splice(0)[0]!.close();
    expect(performance.now() - started).toBeLessThan(PATIENT.drainMs / 2);
  });

  it('keep no service from stopping that never saw a broker', async () => {
    await nats.kill();
    await start(PATIENT);
    const started = performance.now();
    await running.splice(0)[0]!.close();
    expect(performance.now() - started).toBeLessThan(PATIENT.drainMs / 2);
  });
});
