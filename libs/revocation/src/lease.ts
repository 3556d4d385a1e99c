import { LEASE_MS } from '@flotilla/contracts/revocation';

/** A point in time on both clocks: one that no administrator sets, and one that goes on while the machine sleeps. */
export interface Moment {
  steadyMs: number;
  wallMs: number;
}

export function moment(): Moment {
  return { steadyMs: performance.now(), wallMs: Date.now() };
}

/** How long a gateway may trust what it has applied. */
export class Lease {
  private from?: Moment;

  /** Extends the lease by the answer to a question that was sent at `sent`: the answer may have been long on its way. */
  extend(sent: Moment): void {
    if (this.from === undefined || sent.steadyMs > this.from.steadyMs) this.from = sent;
  }

  end(): void {
    this.from = undefined;
  }

  isHeld(now: Moment = moment()): boolean {
    if (this.from === undefined) return false;
    return (
      now.steadyMs - this.from.steadyMs < LEASE_MS &&
      Math.abs(now.wallMs - this.from.wallMs) < LEASE_MS
    );
  }
}
