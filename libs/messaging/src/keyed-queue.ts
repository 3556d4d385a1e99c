/**
 * Runs items of one key one after another in the order they came, items of different keys side by side,
 * at most `concurrency` at once. Keys take turns, so a long one does not starve the others.
 */
export class KeyedQueue<Item> {
  private readonly waiting = new Map<string, Item[]>();
  private readonly ready: string[] = [];
  private readonly settled = new Set<() => void>();
  private running = 0;
  private waitingCount = 0;

  /** @param run must not reject */
  constructor(
    private readonly concurrency: number,
    private readonly run: (item: Item) => Promise<void>,
  ) {}

  /** Items waiting or running. */
  get size(): number {
    return this.waitingCount + this.running;
  }

  push(key: string, item: Item): void {
    this.waitingCount += 1;
    const others = this.waiting.get(key);
    if (others) {
      others.push(item);
      return;
    }
    // An entry without items means: one of this key is running or about to, and no other may.
    this.waiting.set(key, [item]);
    this.ready.push(key);
    this.advance();
  }

  /** Takes back everything that has not begun. */
  withdraw(): Item[] {
    const items = [...this.waiting.values()].flat();
    for (const key of this.ready) this.waiting.delete(key);
    for (const others of this.waiting.values()) others.length = 0;
    this.ready.length = 0;
    this.waitingCount = 0;
    return items;
  }

  /** Resolves as soon as at most `size` items are waiting or running. */
  async shrunkTo(size: number): Promise<void> {
    while (this.size > size) await new Promise<void>((resolve) => this.settled.add(resolve));
  }

  private advance(): void {
    while (this.running < this.concurrency && this.ready.length > 0) {
      const key = this.ready.shift()!;
      const item = this.waiting.get(key)!.shift()!;
      this.waitingCount -= 1;
      this.running += 1;
      void this.run(item).finally(() => this.done(key));
    }
  }

  private done(key: string): void {
    this.running -= 1;
    if (this.waiting.get(key)!.length > 0) this.ready.push(key);
    else this.waiting.delete(key);
    this.advance();
    for (const resolve of this.settled) resolve();
    this.settled.clear();
  }
}
