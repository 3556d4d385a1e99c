import { pause } from './waiting.js';

export interface LookoutOptions {
  /** The longest it goes without looking, in milliseconds. */
  everyMs: number;
  /** What wakes it within so many milliseconds is looked at together. */
  gatherMs?: number;
  /** Answers whether there is likely to be more to do at once. */
  look: () => Promise<boolean>;
  /** Hears of each look that failed; the next one comes `everyMs` later, whatever wakes it. */
  failed: (error: unknown) => void;
}

/** Looks for work whenever it is woken, and every so often all the same, until it is stopped. Never looks twice at once. */
export class Lookout {
  private readonly stopping = new AbortController();
  private woken = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: LookoutOptions) {}

  start(): void {
    this.running = this.run(this.stopping.signal);
  }

  wake(): void {
    this.woken.abort();
  }

  /** Resolves when the look under way has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.woken.abort();
    await this.running;
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { everyMs, gatherMs, look, failed } = this.options;
    while (!signal.aborted) {
      this.woken = new AbortController(); // before looking: what comes meanwhile is found without waiting
      try {
        if (await look()) continue;
        await pause(everyMs, this.woken.signal);
        if (gatherMs !== undefined) await pause(gatherMs, signal);
      } catch (error) {
        failed(error);
        await pause(everyMs, signal);
      }
    }
  }
}
