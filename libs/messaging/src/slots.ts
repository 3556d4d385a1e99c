/** At most `count` pieces of work at once; the others wait for their turn in the order they came. */
export class Slots {
  private readonly waiting: (() => void)[] = [];
  private free: number;

  constructor(readonly count: number) {
    this.free = count;
  }

  /** Runs `work` as soon as a slot is free; settles as it does. */
  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      // Handed on, never freed in between: else a newcomer would overtake who waits.
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
