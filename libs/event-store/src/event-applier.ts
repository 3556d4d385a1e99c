import { AppError } from '@flotilla/contracts/errors';
import { readStreamOperation } from '@flotilla/contracts/event-stream';
import type { EventEnvelope } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import type { EventDelivery, NextEvent } from '@flotilla/messaging/events';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { Letters } from './letters.js';

/** What became of one event: applied now or before; dead; or `early`, when the stream was only at version `at`. */
type Step = { is: 'applied' | 'dead' } | { is: 'early'; at: number };

export interface ApplyOptions {
  /** Runs in the transaction that applies the event. */
  settle?: (tx: Transaction) => Promise<void>;
  /** Applies the event even though it is dead: a replay. */
  evenDead?: boolean;
}

// Taking the place of a version in the inbox is what makes its effects happen once: the primary key lets one transaction
// in, and who comes second waits for its outcome. A stale maximum can only meet a taken version, never skip one.
const TAKE = `
  INSERT INTO inbox (consumer, stream_id, version, event_id)
  SELECT $1, $2, $3, $4
  WHERE $3 = 1 + coalesce((SELECT max(version) FROM inbox WHERE consumer = $1 AND stream_id = $2), 0)
    AND ($5 OR NOT EXISTS (
      SELECT 1 FROM dead_letters
      WHERE consumer = $1 AND event_id = $4 AND failed_at IS NOT NULL AND replayed_at IS NULL))
  ON CONFLICT (consumer, stream_id, version) DO NOTHING
  RETURNING version`;

const PLACE = `
  SELECT coalesce((SELECT max(version) FROM inbox WHERE consumer = $1 AND stream_id = $2), 0) AS at`;

/** Applies the events of each stream to each consumer once and in the order of their versions, each in its own transaction. */
@Injectable()
export class EventApplier {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly letters: Letters,
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
    const missing = await this.fetch(delivery, at);
    if (missing[0]?.version !== at + 1) {
      throw new Error(`version ${at + 1} of stream ${streamId} is missing at its producer`);
    }
    for (const event of missing) {
      if (event.version >= version) return;
      const step = await this.step({ ...delivery, event }, next, {});
      if (step.is !== 'applied') return;
    }
  }

  private async fetch({ event, channel }: EventDelivery, at: number): Promise<EventEnvelope[]> {
    const { events } = await this.rpc.call(readStreamOperation(channel.producer), {
      streamId: event.streamId,
      afterVersion: at,
    });
    return events;
  }
}

/** True for failures that are no fault of the event: a database or a peer was not there. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.kind === 'unavailable';
}
