import type { AppliedRevocations } from '@flotilla/contracts/revocation';

/** Gateways heard of; more than any fleet has, and a bound against ids that somebody makes up. */
const MAX_GATEWAYS = 10_000;

interface Waiting {
  missing: Set<string>;
  sequence: number;
  done: () => void;
}

/** What gateways said they have applied, and who waits for them to. */
export class Acknowledgements {
  private readonly applied = new Map<string, number>();
  private readonly waiting = new Set<Waiting>();

  note({ gatewayId, sequence }: AppliedRevocations): void {
    const before = this.applied.get(gatewayId) ?? 0;
    // Gateways come back under a new id each time: the ones that were silent for longest go first.
    this.applied.delete(gatewayId);
    this.applied.set(gatewayId, Math.max(before, sequence));
    if (this.applied.size > MAX_GATEWAYS) this.applied.delete(this.applied.keys().next().value!);
    for (const one of this.waiting) {
      if (sequence < one.sequence || !one.missing.delete(gatewayId)) continue;
      if (one.missing.size === 0) one.done();
    }
  }

  /** Resolves when all these gateways have applied the sequence, or at the deadline (on `performance.now()`). */
  async reached(gatewayIds: readonly string[], sequence: number, deadline: number): Promise<void> {
    const missing = new Set(gatewayIds.filter((id) => (this.applied.get(id) ?? 0) < sequence));
    if (missing.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => one.done(), Math.max(0, deadline - performance.now()));
      const one: Waiting = {
        missing,
        sequence,
        done: () => {
          clearTimeout(timer);
          this.waiting.delete(one);
          resolve();
        },
      };
      this.waiting.add(one);
    });
  }
}
