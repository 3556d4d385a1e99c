import { AppError } from '@flotilla/contracts/errors';
import type { Id } from '@flotilla/contracts/ids';
import {
  CommitHold,
  CommitHoldRequest,
  type CommittedHold,
  HoldStock,
  HoldStockRequest,
  type StockHold,
} from '@flotilla/contracts/stock-holds';
import type { Money } from '@flotilla/contracts/money';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';

interface Product {
  name: string;
  price: Money;
  available: number;
}

interface Held extends StockHold {
  requestHash: string;
  state: 'held' | 'committed' | 'released';
}

/** Inventory as far as orders knows it: keeps stock in memory, holds all lines or none, and answers retries alike. */
@Controller()
export class StockStandIn {
  readonly holds = new Map<string, Held>();
  /** Awaited before a request is looked at, as if it were still on its way. */
  beforeRequest: () => Promise<void> = () => Promise.resolve();
  /** Awaited before an answer goes out, when stock is already held: the place to let other things happen. */
  beforeAnswer: () => Promise<void> = () => Promise.resolve();
  private readonly products = new Map<string, Product>();

  stock(sku: string, product: Product): void {
    this.products.set(sku.toLowerCase(), product);
  }

  available(sku: string): number {
    return this.products.get(sku.toLowerCase())!.available;
  }

  release(orderId: Id<'ord'>): void {
    const hold = this.holds.get(orderId)!;
    if (hold.state === 'released') return;
    hold.state = 'released';
    for (const line of hold.lines) {
      this.products.get(line.sku.toLowerCase())!.available += line.quantity;
    }
  }

  @MessagePattern(HoldStock.subject)
  async hold(@Payload() request: HoldStockRequest): Promise<StockHold> {
    await this.beforeRequest();
    const held = this.holds.get(request.orderId) ?? this.take(request);
    if (held.state === 'released') throw new AppError('order-voided', 'The hold was released.');
    if (held.requestHash !== request.requestHash) {
      throw new AppError('idempotency-key-reuse', 'The key holds stock for another order.');
    }
    await this.beforeAnswer();
    return { orderId: held.orderId, lines: held.lines, expiresAt: held.expiresAt };
  }

  @MessagePattern(CommitHold.subject)
  async commit(@Payload() { orderId }: CommitHoldRequest): Promise<CommittedHold> {
    await this.beforeRequest();
    const hold = this.holds.get(orderId);
    if (hold?.state !== 'held' && hold?.state !== 'committed') {
      throw new AppError('hold-expired', 'The hold has ended.');
    }
    hold.state = 'committed';
    await this.beforeAnswer();
    return { orderId, state: 'committed' };
  }

  private take({ orderId, requestHash, lines, expiresAt = undefined }: HoldStockRequest): Held {
    const wanted = lines.map(({ sku, quantity }) => {
      const product = this.products.get(sku.toLowerCase());
      if (!product) {
        throw new AppError('unknown-sku', 'There is no such product.', { details: { errors: [] } });
      }
      return { sku, quantity, product };
    });
    const short = wanted.filter(({ quantity, product }) => quantity > product.available);
    if (short.length > 0) {
      throw new AppError('insufficient-stock', 'There is not enough stock.', {
        details: {
          lines: short.map(({ sku, quantity, product }) => ({
            sku,
            requested: quantity,
            available: product.available,
          })),
        },
      });
    }
    for (const { quantity, product } of wanted) product.available -= quantity;
    const held: Held = {
      orderId,
      requestHash,
      state: 'held',
      expiresAt: expiresAt ?? null,
      lines: wanted.map(({ sku, quantity, product: { name, price } }) => ({
        sku,
        name,
        quantity,
        unitPrice: price,
      })),
    };
    this.holds.set(orderId, held);
    return held;
  }
}
