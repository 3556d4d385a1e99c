import { AppError, isAppError } from '@flotilla/contracts/errors';
import {
  circuitBreaker,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel';

/** So many calls in a row that a service did not take, or not in time. */
const FAILURES = 10;
/** How long nobody asks it then, but one in order to see; in milliseconds. */
const OPEN_MS = 500;

/** One breaker per service: while a service is away nobody waits for it, and it is not asked more than it can take. */
export class CircuitBreakers {
  readonly #breakers = new Map<string, CircuitBreakerPolicy>();

  /** Runs a call to a service. @throws AppError `unavailable` at once while the breaker is open, and what the call throws */
  async run<Response>(subject: string, call: () => Promise<Response>): Promise<Response> {
    const service = subject.split('.', 1)[0]!;
    try {
      return await this.breakerOf(service).execute(call);
    } catch (error) {
      if (!isBrokenCircuitError(error)) throw error;
      throw new AppError('unavailable', 'A part of this service is away for a moment.', {
        details: { retryAfterSeconds: 1 },
        cause: error,
      });
    }
  }

  private breakerOf(service: string): CircuitBreakerPolicy {
    const known = this.#breakers.get(service);
    if (known) return known;
    const away = handleWhen(
      (error) => isAppError(error, 'unavailable') || isAppError(error, 'deadline-exceeded'),
    );
    const made = circuitBreaker(away, {
      halfOpenAfter: OPEN_MS,
      breaker: new ConsecutiveBreaker(FAILURES),
    });
    this.#breakers.set(service, made);
    return made;
  }
}

/** Whether an error is a breaker's, so that trying again at once would only meet it again. */
export function isOpen(error: Error): boolean {
  return isBrokenCircuitError(error.cause);
}
