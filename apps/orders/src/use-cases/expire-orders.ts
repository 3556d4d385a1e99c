import { isAppError } from '@flotilla/contracts/errors';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { expire } from '../domain/order.js';
import { type DueOrder, Orders } from './ports.js';

const BATCH = 100;

/** Writes down the end of pending orders whose hold has ended. Any number of replicas may do so at once. */
@Injectable()
export class ExpireOrders {
  constructor(
    private readonly orders: Orders,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends all that are due, or those before `signal` was aborted. Throws AggregateError when some could not be expired;
   * the others are. Throws AppError `unavailable` as soon as the database is away.
   */
  async execute(signal?: AbortSignal): Promise<void> {
    const at = this.clock.now();
    const cause = { actor: { system: 'orders' }, at };
    const failures: Error[] = [];
    for await (const { id } of this.allDue(at)) {
      if (signal?.aborted) break;
      try {
        await this.orders.update(id, (order) => expire(order, at), cause);
      } catch (error) {
        if (isAppError(error, 'unavailable')) throw error;
        failures.push(new Error(`${id} was not expired`, { cause: error }));
      }
    }
    if (failures.length > 0) {
      throw new AggregateError(failures, `${failures.length} orders were not expired.`);
    }
  }

  /** Page after page, so that no number of orders that cannot be expired hides another. */
  private async *allDue(now: Date): AsyncGenerator<DueOrder> {
    let page: DueOrder[] = [];
    do {
      page = await this.orders.due(now, BATCH, page.at(-1));
      yield* page;
    } while (page.length === BATCH);
  }
}
