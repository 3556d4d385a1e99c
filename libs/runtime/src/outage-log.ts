import { type AppError, ERRORS } from '@flotilla/contracts/errors';
import type { LogFields, Logger } from './logger.js';

/** Between two lines about the same place, in milliseconds. */
const QUIET_MS = 1_000;
/** More places than any service has: a bound of memory. */
const MAX_PLACES = 1_000;

interface Place {
  quietUntil: number;
  suppressed: number;
}

/**
 * Logs why requests were refused as `unavailable` or `deadline-exceeded`, which callers are not told: at most one line a
 * second for each place, with how many more there were since the line before.
 */
export class OutageLog {
  private readonly places = new Map<string, Place>();

  constructor(private readonly logger: Logger) {}

  /** Logs the cause of a refusal at `place`; does nothing for other errors, or where none was given. */
  note(error: AppError, place: string, fields: LogFields = {}): void {
    if (ERRORS[error.code].kind !== 'unavailable' || error.cause === undefined) return;
    const now = performance.now();
    const { quietUntil, suppressed } = this.places.get(place) ?? { quietUntil: 0, suppressed: 0 };
    if (now < quietUntil) {
      this.places.set(place, { quietUntil, suppressed: suppressed + 1 });
      return;
    }
    if (this.places.size >= MAX_PLACES) this.places.clear();
    this.places.set(place, { quietUntil: now + QUIET_MS, suppressed: 0 });
    this.logger.warn({ ...fields, err: error, place, suppressed }, 'request refused for now');
  }
}
