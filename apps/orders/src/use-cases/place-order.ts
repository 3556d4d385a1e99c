import type { Actor } from '@flotilla/contracts/actor';
import { AppError, isAppError } from '@flotilla/contracts/errors';
import { eventActor } from '@flotilla/contracts/events';
import type { Id } from '@flotilla/contracts/ids';
import type { StockHold } from '@flotilla/contracts/stock-holds';
import type { OrderAnswer, PlaceOrderRequest } from '@flotilla/contracts/orders';
import { Clock } from '@flotilla/runtime/clock';
import { failpoint } from '@flotilla/runtime/failpoints';
import { Injectable } from '@nestjs/common';
import { orderIdOf } from '../domain/order-id.js';
import { orderView } from '../domain/order-view.js';
import { type OrderWish, orderWish, pointAtItems } from '../domain/order-wish.js';
import { NOTHING, type OrderEvent, placedOrder, rehydrate } from '../domain/order.js';
import { place, wasPlacedBy } from '../domain/placing.js';
import { OrderNumbers, Orders, StockHolds } from './ports.js';
import { ResolveOrder } from './resolve-order.js';

const MINUTE_MS = 60_000;

/** Places an order once per customer and key; a retry answers with the first outcome. */
@Injectable()
export class PlaceOrder {
  private readonly running = new Set<Id<'ord'>>();

  constructor(
    private readonly orders: Orders,
    private readonly numbers: OrderNumbers,
    private readonly stock: StockHolds,
    private readonly resolve: ResolveOrder,
    private readonly clock: Clock,
  ) {}

  /** Throws the AppErrors that the operation names, and `unavailable` or `deadline-exceeded`: then the key may be tried again. */
  async execute(actor: Actor, request: PlaceOrderRequest): Promise<OrderAnswer> {
    const id = orderIdOf(actor, request.idempotencyKey);
    const wish = orderWish(request.order);
    if (this.running.has(id)) {
      throw new AppError('idempotency-key-in-flight', 'The first request is still running.');
    }
    this.running.add(id);
    try {
      return (await this.answered(id, wish)) ?? (await this.placeOrObey(actor, id, wish));
    } finally {
      this.running.delete(id);
    }
  }

  /** The answer that this request was given before, built from the first event alone so that it never changes. */
  private async answered(id: Id<'ord'>, wish: OrderWish): Promise<OrderAnswer | undefined> {
    const first = await this.orders.decision(id);
    if (!first) return undefined;
    const order = rehydrate([first]);
    wasPlacedBy(wish.requestHash, order);
    return { order: orderView(placedOrder(order)), replayed: true };
  }

  /**
   * When an error does not tell whether the order was placed, by us or by another process, the stream does. Without the
   * time to read it nothing is refused for good: `deadline-exceeded`.
   */
  private async placeOrObey(actor: Actor, id: Id<'ord'>, wish: OrderWish): Promise<OrderAnswer> {
    try {
      return await this.place(actor, id, wish);
    } catch (error) {
      if (!leavesOpen(error)) throw error;
      const answer = await this.answered(id, wish);
      if (answer) return answer;
      throw error;
    }
  }

  private async place(actor: Actor, id: Id<'ord'>, wish: OrderWish): Promise<OrderAnswer> {
    failpoint('orders.before-hold');
    const hold = await this.hold(actor, id, wish); // network first, outside the transaction
    failpoint('orders.after-hold');
    const number = await this.numbers.take();
    const at = this.clock.now();
    const events = await this.decide(id, () => place(NOTHING, wish, hold, number, at));
    // Version 1 is the decision: between this and a void the primary key picks the winner.
    const order = await this.orders.write(id, NOTHING, events, { at, actor: eventActor(actor) });
    return { order: orderView(placedOrder(order)), replayed: false };
  }

  private async hold(actor: Actor, id: Id<'ord'>, wish: OrderWish): Promise<StockHold> {
    const { requestHash, lines, holdMinutes } = wish;
    const request = { orderId: id, mode: actor.mode, requestHash, lines };
    const expiresAt = new Date(this.clock.now().getTime() + (holdMinutes ?? 0) * MINUTE_MS);
    try {
      return await this.stock.hold(
        actor,
        holdMinutes === null ? request : { ...request, expiresAt: expiresAt.toISOString() },
      );
    } catch (error) {
      throw isAppError(error) ? pointAtItems(error, wish) : error;
    }
  }

  /**
   * Inventory refuses before it holds whatever can be refused there, so that the key may be tried again. A refusal after
   * the hold withdraws the attempt at once, so that the stock need not wait for the sweeper.
   */
  private async decide(id: Id<'ord'>, decision: () => OrderEvent[]): Promise<OrderEvent[]> {
    try {
      return decision();
    } catch (refusal) {
      await this.resolve.execute(id);
      throw refusal;
    }
  }
}

function leavesOpen(error: unknown): boolean {
  return (
    isAppError(error, 'version-conflict') ||
    // The connection may have been lost during COMMIT.
    isAppError(error, 'unavailable') ||
    // Inventory's word on a hold that was released: also said of an order placed and cancelled meanwhile.
    isAppError(error, 'order-voided')
  );
}
