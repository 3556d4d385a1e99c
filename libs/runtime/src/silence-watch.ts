/** Gives up on all that is waited for when nothing of it has come for so long: a server that is busy is not one that is away. */
export class SilenceWatch {
  readonly #waiting = new Set<(error: Error) => void>();
  #heardAt = 0;
  #timer?: NodeJS.Timeout;

  /** `onSilence` is told of it and says what those who wait are told. */
  constructor(
    private readonly ms: number,
    private readonly onSilence: () => Error,
  ) {}

  /** The outcome of `answer`, or the error of `onSilence` when that comes first. */
  wait<Answer>(answer: Promise<Answer>): Promise<Answer> {
    if (this.#waiting.size === 0) {
      this.#heardAt = performance.now();
      this.listen(this.ms);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      answer.then(resolve, reject).finally(() => this.heard(reject));
    });
  }

  private heard(waiting: (error: Error) => void): void {
    this.#heardAt = performance.now();
    if (this.#waiting.delete(waiting) && this.#waiting.size === 0) clearTimeout(this.#timer);
  }

  private listen(ms: number): void {
    clearTimeout(this.#timer);
    // After the answers that are there to be read: it may be we who had no time.
    this.#timer = setTimeout(() => setImmediate(() => this.check()), ms);
  }

  private check(): void {
    if (this.#waiting.size === 0) return;
    const left = this.ms - (performance.now() - this.#heardAt);
    if (left > 0) return this.listen(left);
    const error = this.onSilence();
    for (const giveUp of this.#waiting) giveUp(error);
    this.#waiting.clear();
  }
}
