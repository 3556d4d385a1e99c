import type { EventDelivery, EventMiddleware, NextEvent } from '@flotilla/messaging/events';
import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { Injectable } from '@nestjs/common';
import { type ApplyOptions, EventApplier, isUnavailable } from './event-applier.js';
import { Letters } from './letters.js';

/** A header of deliveries that an operator asked for: the event is dead, and to be tried all the same. */
export const REPLAY_HEADER = 'Flotilla-Replay';

/**
 * A transaction round every event handler, in `delivery.transaction`: its effects happen once, in the order of the
 * versions of each stream. Handlers therefore take every type of an aggregate (`order.*`) and ignore those they do not know.
 * After `MAX_ATTEMPTS` an event is dead: it and what follows in its stream is put aside for an operator; other streams go on.
 * What fails because a database or a peer is away is tried for ever.
 */
@Injectable()
export class InboxMiddleware implements EventMiddleware {
  private readonly dead;

  constructor(
    private readonly applier: EventApplier,
    private readonly letters: Letters,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.dead = metrics.counter('events_dead_total', 'Events put aside for an operator', [
      'consumer',
    ]);
  }

  async handle(delivery: EventDelivery, next: NextEvent): Promise<void> {
    if (delivery.headers[REPLAY_HEADER]) return this.replay(delivery, next);
    // Nearly every event is applied at its first attempt, and costs no bookkeeping then.
    if (delivery.together) return this.applier.applyTogether(delivery, next);
    if (delivery.attempt === 1) return this.applier.apply(delivery, next);
    if (await this.letters.open(delivery)) await this.tryAgain(delivery, next);
  }

  private async tryAgain(delivery: EventDelivery, next: NextEvent): Promise<void> {
    let tried = delivery.event;
    const noting: NextEvent = (other = delivery) => {
      tried = other.event;
      return next(other);
    };
    try {
      await this.applier.apply(delivery, noting, this.resolving(delivery));
    } catch (error) {
      if (isUnavailable(error)) {
        await this.letters.uncount(delivery);
        throw error;
      }
      const isOwn = tried.id === delivery.event.id;
      const reason = isOwn ? reasonOf(error) : `waits for version ${tried.version}`;
      if (!(await this.letters.failed(delivery, reason))) throw error;
      if (!isOwn) await this.letters.bury(delivery.consumer, tried, reasonOf(error));
      this.dead.inc({ consumer: delivery.consumer });
      this.logger.error(
        { err: error, consumer: delivery.consumer, eventId: tried.id, streamId: tried.streamId },
        'event is dead, its stream waits for an operator',
      );
    }
  }

  private async replay(delivery: EventDelivery, next: NextEvent): Promise<void> {
    try {
      await this.applier.apply(delivery, next, { ...this.resolving(delivery), evenDead: true });
    } catch (error) {
      if (!isUnavailable(error)) await this.letters.failed(delivery, reasonOf(error));
      throw error;
    }
  }

  private resolving(delivery: EventDelivery): ApplyOptions {
    return { settle: (tx) => this.letters.resolve(tx, delivery) };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
