import { AsyncResource } from 'node:async_hooks';
import { AppError } from '@flotilla/contracts/errors';
import { readStreamOperation } from '@flotilla/contracts/event-stream';
import type { EventChannel, EventEnvelope } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import type { EventDelivery, NextEvent } from '@flotilla/messaging/events';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { Slots } from '@flotilla/messaging/slots';
import { BatchQueue } from '@flotilla/runtime/batch-queue';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { Letters } from './letters.js';

/** What became of one event: applied now or before; dead; or `early`, when the stream was only at version `at`. */
type Step = { is: 'applied' | 'dead' } | { is: 'early'; at: number };

/** A stream of a producer, as one consumer follows it. */
export type FollowedStream = Pick<EventDelivery, 'consumer' | 'channel'> & { streamId: string };

export interface ApplyOptions {
  /** Runs in the transaction that applies the event. */
  settle?: (tx: Transaction) => Promise<void>;
  /** Applies the event even though it is dead: a replay. */
  evenDead?: boolean;
}

// Taking the place of a version in the inbox is what makes its effects happen once: the primary key lets one transaction
// in, and who comes second waits for its outcome. A stale maximum can only meet a taken version, never skip one. The id of
// the event is unique as well, and whichever of the two keys is met first says the same.
const TAKE = `
  INSERT INTO inbox (consumer, stream_id, version, event_id)
  SELECT $1, $2, $3, $4
  WHERE $3 = 1 + coalesce((SELECT max(version) FROM inbox WHERE consumer = $1 AND stream_id = $2), 0)
    AND ($5 OR NOT EXISTS (
      SELECT 1 FROM dead_letters
      WHERE consumer = $1 AND event_id = $4 AND failed_at IS NOT NULL AND replayed_at IS NULL))
  ON CONFLICT DO NOTHING
  RETURNING version`;

/** The same for many streams, in one order for everybody so that no two wait for each other. */
const TAKE_MANY = `
  INSERT INTO inbox (consumer, stream_id, version, event_id)
  SELECT $1, stream_id, version, event_id
  FROM unnest($2::uuid[], $3::integer[], $4::uuid[]) AS given(stream_id, version, event_id)
  WHERE version = 1 + coalesce((
      SELECT max(version) FROM inbox WHERE consumer = $1 AND stream_id = given.stream_id), 0)
    AND NOT EXISTS (
      SELECT 1 FROM dead_letters
      WHERE consumer = $1 AND event_id = given.event_id AND failed_at IS NOT NULL AND replayed_at IS NULL)
  ORDER BY stream_id
  ON CONFLICT DO NOTHING
  RETURNING stream_id`;

const PLACE = `
  SELECT coalesce((SELECT max(version) FROM inbox WHERE consumer = $1 AND stream_id = $2), 0) AS at`;

interface Application {
  delivery: EventDelivery;
  /** In the context of its own request and trace, whoever calls it. */
  next: NextEvent;
}

/** Applies the events of each stream to each consumer once and in the order of their versions, in a transaction. */
@Injectable()
export class EventApplier {
  private readonly queues = new Map<string, BatchQueue<Application, boolean>>();

  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly letters: Letters,
    private readonly slots: Slots,
  ) {}

  /**
   * Applies an event and, before it, what is missing of its stream, fetched from the producer. An event behind a dead one
   * is put aside. Throws what the handler throws; the event and its effects are then undone.
   */
  async apply(delivery: EventDelivery, next: NextEvent, options: ApplyOptions = {}): Promise<void> {
    for (;;) {
      const step = await this.step(delivery, next, options);
      if (step.is !== 'early') return;
      if (await this.letters.park(delivery)) return;
      await this.catchUp(delivery, step.at, next);
    }
  }

  /**
   * Applies what the producer has of a stream and the consumer has not heard yet, for a reader who cannot wait for it.
   * @throws AppError `unavailable` when the producer is away; what the handler throws
   */
  async applyUnheard(
    { consumer, channel, streamId }: FollowedStream,
    next: NextEvent,
  ): Promise<void> {
    const [place] = await this.database.rows<{ at: number }>(PLACE, [consumer, streamId]);
    for (const event of await this.fetch(channel, streamId, place!.at)) {
      const delivery = { event, consumer, channel, attempt: 1, headers: {}, together: false };
      const step = await this.step(delivery, next, {});
      if (step.is !== 'applied') return;
    }
  }

  /**
   * Applies a new event together with others of its consumer that come at the same time, in one transaction and in the
   * order they came. When one of them fails, each is applied in a transaction of its own. Throws as `apply` does.
   */
  async applyTogether(delivery: EventDelivery, next: NextEvent): Promise<void> {
    const isApplied = await this.queueOf(delivery.consumer).add({
      delivery,
      next: AsyncResource.bind(next),
    });
    // It came before its predecessor, or a second time.
    if (!isApplied) await this.slots.use(() => this.apply(delivery, next));
  }

  private queueOf(consumer: string): BatchQueue<Application, boolean> {
    let queue = this.queues.get(consumer);
    if (!queue) {
      queue = new BatchQueue((applications) =>
        this.slots.use(() => this.applyAll(consumer, applications)),
      );
      this.queues.set(consumer, queue);
    }
    return queue;
  }

  /** Which of them were next in their streams, and so have been applied. The streams are different ones. */
  private applyAll(consumer: string, applications: readonly Application[]): Promise<boolean[]> {
    const events = applications.map(({ delivery }) => delivery.event);
    return this.database.transaction(async (transaction) => {
      const rows = await transaction.rows<{ stream_id: string }>(TAKE_MANY, [
        consumer,
        events.map(({ streamId }) => streamId),
        events.map(({ version }) => version),
        events.map(({ id }) => toUuid('evt', id)),
      ]);
      const taken = new Set(rows.map((row) => row.stream_id));
      for (const { delivery, next } of applications) {
        if (taken.has(delivery.event.streamId)) await next({ ...delivery, transaction });
      }
      return events.map(({ streamId }) => taken.has(streamId));
    });
  }

  private step(delivery: EventDelivery, next: NextEvent, options: ApplyOptions): Promise<Step> {
    const { consumer, event } = delivery;
    return this.database.transaction(async (tx): Promise<Step> => {
      const [taken] = await tx.rows(TAKE, [
        consumer,
        event.streamId,
        event.version,
        toUuid('evt', event.id),
        options.evenDead ?? false,
      ]);
      if (taken) await next({ ...delivery, transaction: tx });
      else {
        const [place] = await tx.rows<{ at: number }>(PLACE, [consumer, event.streamId]);
        const { at } = place!;
        if (at < event.version - 1) return { is: 'early', at };
        // Dead, or the version before it was applied this very moment: the next look will tell.
        if (at < event.version)
          return (await this.isDead(tx, delivery)) ? { is: 'dead' } : { is: 'early', at };
      }
      await options.settle?.(tx);
      return { is: 'applied' };
    });
  }

  private async isDead(tx: Transaction, { consumer, event }: EventDelivery): Promise<boolean> {
    const dead = await tx.rows(
      `SELECT 1 FROM dead_letters
       WHERE consumer = $1 AND event_id = $2 AND failed_at IS NOT NULL AND replayed_at IS NULL`,
      [consumer, toUuid('evt', event.id)],
    );
    return dead.length > 0;
  }

  /** Applies what comes between version `at` and the event, as far as it goes. */
  private async catchUp(delivery: EventDelivery, at: number, next: NextEvent): Promise<void> {
    const { version, streamId } = delivery.event;
    if (at === version - 1) return;
    const missing = await this.fetch(delivery.channel, streamId, at);
    if (missing[0]?.version !== at + 1) {
      throw new Error(`version ${at + 1} of stream ${streamId} is missing at its producer`);
    }
    for (const event of missing) {
      if (event.version >= version) return;
      const step = await this.step({ ...delivery, event }, next, {});
      if (step.is !== 'applied') return;
    }
  }

  private async fetch(
    channel: EventChannel,
    streamId: string,
    afterVersion: number,
  ): Promise<EventEnvelope[]> {
    const operation = readStreamOperation(channel.producer);
    const { events } = await this.rpc.call(operation, { streamId, afterVersion });
    return events;
  }
}

/** True for failures that are no fault of the event: a database or a peer was not there. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.kind === 'unavailable';
}
