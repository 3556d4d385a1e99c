import { AppError, isAppError } from '@flotilla/contracts/errors';
import type { Logger } from '@flotilla/runtime/logger';
import type { Metrics } from '@flotilla/runtime/metrics';
import { OutageLog } from '@flotilla/runtime/outage-log';
import { runInContext } from '@flotilla/runtime/request-context';
import { extract, inSpan } from '@flotilla/runtime/tracing';
import type { MessageHandler } from '@nestjs/microservices';
import { headers, type Msg } from '@nats-io/transport-node';
import { isObservable, lastValueFrom } from 'rxjs';
import { ERROR_HEADER } from './headers.js';
import { MessageContext } from './message-context.js';
import { internalError } from './message-error.filter.js';
import { readRequest, type RequestMessage } from './request-message.js';

/** Answers requests with Nest's handlers: at most `maxInFlight` at once, and none that was sent without time left. */
export class RequestResponder {
  private inFlight = 0;
  private readonly idleListeners: (() => void)[] = [];
  private readonly seconds;
  private readonly shed;
  private readonly outages: OutageLog;

  constructor(
    private readonly maxInFlight: number,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.outages = new OutageLog(logger);
    this.seconds = metrics.histogram(
      'rpc_server_seconds',
      'Requests answered, from receipt to reply, by outcome',
      ['subject', 'outcome'],
    );
    this.shed = metrics.counter('rpc_server_shed_total', 'Requests refused because too many run', [
      'subject',
    ]);
    metrics.gauge('rpc_server_in_flight', 'Requests being handled', [], () => this.inFlight);
  }

  /** Takes a request; the reply follows when the handler is done. */
  respond(message: Msg, handler: MessageHandler): void {
    if (this.inFlight >= this.maxInFlight) {
      this.shed.inc({ subject: message.subject });
      const refusal = new AppError('unavailable', 'Too many requests are being handled.', {
        details: { retryAfterSeconds: 1 },
      });
      this.refuse(message, refusal);
      return;
    }
    this.inFlight += 1;
    void this.answer(message, handler).finally(() => {
      this.inFlight -= 1;
      if (this.inFlight === 0) for (const idle of this.idleListeners.splice(0)) idle();
    });
  }

  /** Resolves when no request is being handled. */
  async idle(): Promise<void> {
    if (this.inFlight > 0) await new Promise<void>((resolve) => this.idleListeners.push(resolve));
  }

  private async answer(message: Msg, handler: MessageHandler): Promise<void> {
    const started = performance.now();
    const { subject } = message;
    let outcome = 'ok';
    let received: RequestMessage | undefined;
    try {
      received = readRequest(message);
      if (!(received.timeoutMs > 0)) {
        outcome = 'expired';
        return;
      }
      const reply = await this.invoke(subject, received, handler, started);
      // Too large for the broker, or closed: throws here.
      message.respond(JSON.stringify(reply ?? null));
    } catch (error) {
      const refusal = isAppError(error) ? error : this.fault(subject, error);
      outcome = refusal.code;
      this.outages.note(refusal, subject, { requestId: received?.requestId });
      this.refuse(message, refusal);
    } finally {
      this.seconds.observe({ subject, outcome }, (performance.now() - started) / 1_000);
    }
  }

  private invoke(
    subject: string,
    received: RequestMessage,
    handler: MessageHandler,
    started: number,
  ): Promise<unknown> {
    const { timeoutMs, requestId, actor, address, request } = received;
    const context = new MessageContext([subject, actor ?? null]);
    const deadline = started + timeoutMs;
    return runInContext({ requestId, deadline, address, ...(actor && { actor }) }, () =>
      extract(
        (name) => received[name],
        () =>
          inSpan(`handle ${subject}`, { 'messaging.destination.name': subject }, async () => {
            const result: unknown = await handler(request, context);
            // Only interceptors make it an Observable; without one there is nothing to subscribe to.
            return isObservable(result) ? lastValueFrom(result, { defaultValue: null }) : result;
          }),
      ),
    );
  }

  private fault(subject: string, error: unknown): AppError {
    this.logger.error({ err: error, subject }, 'request failed');
    return internalError(error);
  }

  private refuse(message: Msg, refusal: AppError): void {
    const envelope = headers();
    envelope.set(ERROR_HEADER, refusal.code);
    try {
      message.respond(JSON.stringify(refusal.toWire()), { headers: envelope });
    } catch (error) {
      this.logger.warn({ err: error, subject: message.subject }, 'reply could not be sent');
    }
  }
}
