/** The share of calls that may be repeated, and how many at once after a quiet time. */
const RETRIES_PER_CALL = 0.2;
const BURST = 10;

/** A token bucket that calls fill and retries empty, so that retries can never double the load of a struggling fleet. */
export class RetryBudget {
  #tokens = BURST;

  /** Counts a call, which earns a fifth of a retry. */
  countCall(): void {
    this.#tokens = Math.min(BURST, this.#tokens + RETRIES_PER_CALL);
  }

  /** Takes a retry out of the budget if there is one left. */
  tryRetry(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
