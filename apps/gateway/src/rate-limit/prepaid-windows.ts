import type { Verdict, Window } from './sliding-window.js';

/** Where units are bought. */
export interface Windows {
  charge(bucket: string, window: Window, units: number): Promise<Verdict>;
}

/** Below this limit every request is charged by itself. */
const PREPAID_FROM = 1_000;
/** Of the limit; with as many gateways as there may be, what lies about unused is a few per cent. */
const BLOCK_SHARE = 1 / 500;
const MAX_BLOCK = 1_000;
/** How long bought units may be spent, in milliseconds. */
const BLOCK_MS = 250;
/** Below this share of the limit nothing is bought in advance, so that the last units go to whoever asks. */
const SCARCE = 0.2;
const MAX_BLOCKS = 10_000;

/** What was bought last, and what is left of it. */
interface Block {
  left: number;
  until: number;
  verdict: Verdict;
}

/**
 * Spends large limits from blocks that were charged in one go: a hop per block instead of one per request. Never more is admitted
 * than was charged; what is not spent within 250 ms is lost.
 */
export class PrepaidWindows {
  readonly #blocks = new Map<string, Block>();
  readonly #buying = new Map<string, Promise<Verdict>>();

  constructor(
    private readonly windows: Windows,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes one unit, or several, which no block is broken for. Throws what buying throws. */
  async take(bucket: string, window: Window, units = 1): Promise<Verdict> {
    if (window.limit < PREPAID_FROM || units > 1) {
      return this.windows.charge(bucket, window, units);
    }
    for (;;) {
      const block = this.usable(bucket);
      if (block && block.left > 0) {
        block.left -= 1;
        const { remaining, resetMs } = block.verdict;
        return { admitted: true, remaining: remaining + block.left, resetMs };
      }
      const verdict = await this.buy(bucket, window);
      if (!verdict.admitted) return verdict;
    }
  }

  /** Gives units back, that were not used after all. */
  async giveBack(bucket: string, window: Window, units: number): Promise<void> {
    const block = this.usable(bucket);
    if (block) block.left += units;
    else await this.windows.charge(bucket, window, -units);
  }

  private usable(bucket: string): Block | undefined {
    const block = this.#blocks.get(bucket);
    return block && block.until >= this.now() ? block : undefined;
  }

  /** Those who come meanwhile wait for the same block. */
  private buy(bucket: string, window: Window): Promise<Verdict> {
    const running = this.#buying.get(bucket);
    if (running) return running;
    const buying = this.charge(bucket, window).finally(() => this.#buying.delete(bucket));
    this.#buying.set(bucket, buying);
    return buying;
  }

  private async charge(bucket: string, window: Window): Promise<Verdict> {
    const left = this.#blocks.get(bucket)?.verdict.remaining ?? window.limit;
    const block = Math.min(MAX_BLOCK, Math.floor(window.limit * BLOCK_SHARE));
    const units = left < window.limit * SCARCE ? 1 : block;
    const verdict = await this.windows.charge(bucket, window, units);
    this.remember(bucket, {
      left: verdict.admitted ? units : 0,
      until: this.now() + BLOCK_MS,
      verdict,
    });
    // What is too little for a block may be enough for one.
    return verdict.admitted || units === 1 ? verdict : this.charge(bucket, window);
  }

  private remember(bucket: string, block: Block): void {
    this.#blocks.delete(bucket);
    this.#blocks.set(bucket, block);
    if (this.#blocks.size > MAX_BLOCKS) this.#blocks.delete(this.#blocks.keys().next().value!);
  }
}
