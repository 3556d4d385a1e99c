import { charge, type Charges, type Verdict, type Window } from './sliding-window.js';

/** Buckets remembered at once; the one that was longest idle is forgotten first. */
const MAX_BUCKETS = 50_000;

/** Windows of this process alone. */
export class LocalWindows {
  readonly #buckets = new Map<string, Charges>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Like `charge`. */
  charge(bucket: string, window: Window, units: number): Verdict {
    const charges = this.#buckets.get(bucket) ?? [];
    this.#buckets.delete(bucket); // and back at the end, where those in use are
    const verdict = charge(charges, this.now(), window, units);
    this.#buckets.set(bucket, charges);
    if (this.#buckets.size > MAX_BUCKETS) this.#buckets.delete(this.#buckets.keys().next().value!);
    return verdict;
  }
}
