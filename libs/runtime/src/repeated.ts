import { pause } from './waiting.js';

/** Work in the background: run, paused after, and run again, until it is stopped. It never runs twice at once. */
export class Repeated {
  private readonly stopping = new AbortController();
  private running = Promise.resolve();

  /**
   * @param work may end early when the signal aborts
   * @param failed hears of each run that failed; the next one comes all the same
   */
  constructor(
    private readonly everyMs: number,
    private readonly work: (signal: AbortSignal) => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  start(): void {
    this.running = this.run(this.stopping.signal);
  }

  /** Resolves when the run under way has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.work(signal).catch(this.failed);
      await pause(this.everyMs, signal);
    }
  }
}
