import { Lookout } from '@flotilla/runtime/lookout';
import { within } from '@flotilla/runtime/waiting';

export interface QueueWorkerOptions<Piece> {
  /** Pieces that are worked on at once. */
  atOnce: number;
  /** The longest it goes without looking for more, in milliseconds. */
  everyMs: number;
  /** What is done within so many milliseconds is made up for by one claim. */
  gatherMs: number;
  /** At most `room` pieces, for this process alone. */
  claim: (room: number) => Promise<readonly Piece[]>;
  /** Never rejects. */
  work: (piece: Piece) => Promise<void>;
  /** Hears of each claim that failed. */
  failed: (error: unknown) => void;
}

/** Works on what waits in a queue, so many pieces at once: whatever is done makes room for the next, and slow ones only take their own. */
export class QueueWorker<Piece> {
  private readonly lookout: Lookout;
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly options: QueueWorkerOptions<Piece>) {
    const { everyMs, gatherMs, failed } = options;
    this.lookout = new Lookout({ everyMs, gatherMs, look: () => this.claim(), failed });
  }

  /** Pieces that are worked on now. */
  get size(): number {
    return this.underWay.size;
  }

  start(): void {
    this.lookout.start();
  }

  /** There may be more in the queue. */
  wake(): void {
    this.lookout.wake();
  }

  /** Claims nothing more, and waits up to `graceMs` milliseconds for what is under way. */
  async stop(graceMs: number): Promise<void> {
    await this.lookout.stop();
    await within(graceMs, Promise.all(this.underWay));
  }

  /** Whether there is likely to be more at once. */
  private async claim(): Promise<boolean> {
    const room = this.options.atOnce - this.size;
    if (room === 0) return false; // whoever is done wakes it
    const pieces = await this.options.claim(room);
    for (const piece of pieces) this.begin(piece);
    return pieces.length === room;
  }

  private begin(piece: Piece): void {
    const done = this.options.work(piece).finally(() => {
      this.underWay.delete(done);
      this.wake();
    });
    this.underWay.add(done);
  }
}
