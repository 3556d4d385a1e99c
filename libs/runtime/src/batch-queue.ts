import { AsyncResource } from 'node:async_hooks';
import { AppError, isAppError } from '@flotilla/contracts/errors';
import { currentContext, remainingMs, type RequestContext } from './request-context.js';

const DEFAULT_CAP = 64;

interface Entry<Item, Result> {
  readonly item: Item;
  readonly context: RequestContext | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: one batch at a time, made of whatever came while the one before ran, in the order it came. Who comes
 * alone does not wait. A batch runs outside any request, so what an item knows of its own has to be in the item.
 */
export class BatchQueue<Item, Result> {
  private readonly waiting: Entry<Item, Result>[] = [];
  private readonly idle: (() => void)[] = [];
  private readonly runAll: () => Promise<void>;
  private running = false;

  /**
   * @param run answers every item, in their order, or fails as a whole without any effect; it may get an item again
   *   whose effect it cannot exclude, so it is to recognise a repetition
   * @param cap the most items of a batch
   */
  constructor(
    private readonly run: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly cap = DEFAULT_CAP,
  ) {
    this.runAll = AsyncResource.bind(() => this.runBatches());
  }

  /**
   * The result of an item, once its batch is done.
   * @throws AppError `deadline-exceeded` when nobody waited for it any more before its batch began; what `run` throws
   */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, context: currentContext(), resolve, reject });
      if (!this.running) void this.runAll();
    });
  }

  /** Resolves when nothing waits or runs. */
  async drain(): Promise<void> {
    if (this.running) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private async runBatches(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.cap).filter(isWanted);
      if (batch.length > 0) await this.answer(batch);
    }
    this.running = false;
    for (const resolve of this.idle.splice(0)) resolve();
  }

  private async answer(batch: readonly Entry<Item, Result>[]): Promise<void> {
    try {
      const results = await this.run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index]!));
    } catch (error) {
      // What is away is away for each of them: asking once per item would only keep the next batches waiting.
      if (batch.length === 1 || isAppError(error, 'unavailable')) {
        for (const { reject } of batch) reject(error);
        return;
      }
      for (const entry of batch) if (isWanted(entry)) await this.answer([entry]);
    }
  }
}

/** Whether somebody still waits for the answer; if not, it is given here. */
function isWanted<Item, Result>({ context, reject }: Entry<Item, Result>): boolean {
  if (remainingMs(context) > 0) return true;
  reject(new AppError('deadline-exceeded', 'It took too long.'));
  return false;
}
