import { AppError } from '@flotilla/contracts/errors';

/** How many requests begin in one turn of the event loop: some ten milliseconds' work. */
const PER_TURN = 16;
/** How long one may stand in line; whoever asks again later is served sooner than whoever is kept. */
const PATIENCE_MS = 1_000;

/** Told how long it stood in line, in milliseconds. */
type Begin = (stoodMs: number, refusal?: AppError) => void;

interface Standing {
  since: number;
  begin: Begin;
}

/**
 * Lets requests begin a few at a time. Where thousands arrive at once, beginning all of them is one turn of the event loop
 * that takes longer than a lease on revocations lasts: by the time its renewal were heard it would have ended, every request
 * would be refused for it, and their repetitions would keep it so long after the crowd has gone. Between two turns the
 * process hears what services answer. Nobody waits while there is no crowd.
 */
export class ArrivalQueue {
  #begun = 0;
  #line: Standing[] = [];
  #turning = false;

  /** Calls `begin` at once or in one of the next turns, in order; with `unavailable` when that took too long. */
  enter(begin: Begin): void {
    if (this.#line.length > 0 || this.#begun === PER_TURN) {
      this.#line.push({ since: performance.now(), begin });
      this.turn();
    } else {
      this.#begun += 1;
      this.turn();
      begin(0);
    }
  }

  private turn(): void {
    if (this.#turning) return;
    this.#turning = true;
    setImmediate(() => {
      this.#turning = false;
      const next = this.#line.splice(0, PER_TURN);
      this.#begun = next.length;
      if (next.length > 0) this.turn();
      const now = performance.now();
      for (const { since, begin } of next) {
        begin(now - since, now - since > PATIENCE_MS ? tooMany() : undefined);
      }
    });
  }
}

function tooMany(): AppError<'unavailable'> {
  return new AppError('unavailable', 'There is more to do than can be done in time.', {
    details: { retryAfterSeconds: 1 },
  });
}
