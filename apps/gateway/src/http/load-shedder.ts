import { AppError } from '@flotilla/contracts/errors';
import { Metrics } from '@flotilla/runtime/metrics';
import { remainingMs } from '@flotilla/runtime/request-context';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { onceClosed } from './once-closed.js';

/** As few as these are no load, however long they take. */
const FEW = 64;
/** Test keys get this part of what there is, so that live ones still find room. */
const TEST_SHARE = 0.5;
const MEASURE_MS = 1_000;

/**
 * Refuses at once what could not be answered within its deadline: when so many requests are being answered that, at the pace of the
 * last busy second, the newest would have to wait longer than it still may. Test keys go first; probes pass no guard of ours and go last.
 */
@Injectable()
export class LoadShedder implements CanActivate {
  #inFlight = 0;
  #answered = 0;
  #since = performance.now();
  /** Answers per millisecond in the last full second of load; what was answered while there was less to do says nothing. */
  #pace?: number;
  readonly #shed;

  constructor(metrics: Metrics) {
    this.#shed = metrics.counter('requests_shed_total', 'Requests refused for want of time', [
      'mode',
    ]);
    metrics.gauge('requests_in_flight', 'Requests being answered', [], () => this.#inFlight);
  }

  /** Throws `unavailable`. */
  canActivate(context: ExecutionContext): boolean {
    const host = context.switchToHttp();
    const { edge } = host.getRequest<FastifyRequest>();
    const mode = edge.actor?.mode ?? 'live';
    if (this.waitMs() > remainingMs(edge) * (mode === 'test' ? TEST_SHARE : 1)) {
      this.#shed.inc({ mode });
      throw new AppError('unavailable', 'There is more to do than can be done in time.', {
        details: { retryAfterSeconds: 1 },
      });
    }
    this.#inFlight += 1;
    onceClosed(host.getResponse<FastifyReply>().raw, () => this.leave());
    return true;
  }

  /** How long a request that comes now will have to wait, by Little's law. */
  private waitMs(): number {
    this.measure();
    if (!this.#pace) return 0;
    return this.#inFlight / this.#pace;
  }

  private leave(): void {
    this.#inFlight -= 1;
    this.#answered += 1;
    this.measure();
  }

  private measure(): void {
    const elapsed = performance.now() - this.#since;
    const isIdle = this.#inFlight < FEW;
    if (!isIdle && elapsed < MEASURE_MS) return;
    this.#pace = isIdle ? undefined : this.#answered / elapsed;
    this.#answered = 0;
    this.#since += elapsed;
  }
}
