import { Logger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { runInContext } from '@flotilla/runtime/request-context';
import { extract, inSpan } from '@flotilla/runtime/tracing';
import { Injectable } from '@nestjs/common';
import type { EventDelivery, EventMiddleware, NextEvent } from './events.js';
import { REQUEST_ID_HEADER } from './headers.js';

/** Continues the request and the trace that caused the event, so that its logs and spans are found together. */
@Injectable()
export class TraceEvents implements EventMiddleware {
  handle({ event, consumer, headers }: EventDelivery, next: NextEvent): Promise<void> {
    const requestId = headers[REQUEST_ID_HEADER] ?? event.id;
    const attributes = {
      'messaging.consumer.group.name': consumer,
      'messaging.message.id': event.id,
    };
    return runInContext({ requestId }, () =>
      extract(
        (name) => headers[name],
        () => inSpan(`event ${event.type}`, attributes, () => next()),
      ),
    );
  }
}

/** One line per failed attempt. */
@Injectable()
export class LogEvents implements EventMiddleware {
  constructor(private readonly logger: Logger) {}

  async handle(delivery: EventDelivery, next: NextEvent): Promise<void> {
    try {
      await next();
    } catch (error) {
      const { consumer, attempt, event } = delivery;
      this.logger.warn(
        { err: error, consumer, attempt, eventId: event.id, type: event.type },
        'event handler failed, the event will be delivered again',
      );
      throw error;
    }
  }
}

/** How long handlers take and how often they fail. */
@Injectable()
export class MeasureEvents implements EventMiddleware {
  private readonly seconds;

  constructor(metrics: Metrics) {
    this.seconds = metrics.histogram(
      'event_handler_seconds',
      'Attempts to handle an event, by outcome',
      ['consumer', 'outcome'],
    );
  }

  async handle({ consumer }: EventDelivery, next: NextEvent): Promise<void> {
    const started = performance.now();
    let outcome = 'failed';
    try {
      await next();
      outcome = 'ok';
    } finally {
      this.seconds.observe({ consumer, outcome }, (performance.now() - started) / 1_000);
    }
  }
}
