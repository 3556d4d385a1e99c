import type { Actor } from '@flotilla/contracts/actor';
import { eventActor } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import type { HoldStockRequest, StockHold } from '@flotilla/contracts/inventory';
import { Injectable } from '@nestjs/common';
import { Reservations } from './ports.js';

/** Takes stock for an order that is about to be decided, once per order id; a retry is told what was held. */
@Injectable()
export class HoldStock {
  constructor(private readonly reservations: Reservations) {}

  /** @throws AppError `insufficient-stock`, `unknown-sku`, `validation-failed` (currencies, total), `idempotency-key-reuse`, `order-voided` */
  async execute(request: HoldStockRequest, actor: Actor): Promise<StockHold> {
    const [outcome] = await this.reservations.hold([
      {
        orderId: toUuid('ord', request.orderId),
        mode: request.mode,
        requestHash: request.requestHash,
        lines: request.lines,
        expiresAt: request.expiresAt === undefined ? null : new Date(request.expiresAt),
        by: eventActor(actor),
      },
    ]);
    if (outcome!.kind === 'refused') throw outcome!.error;
    const { lines, expiresAt } = outcome!.reservation;
    return {
      orderId: request.orderId,
      lines: lines.map(({ sku, name, quantity, unitPrice }) => ({
        sku,
        name,
        quantity,
        unitPrice,
      })),
      expiresAt: expiresAt?.toISOString() ?? null,
    };
  }
}
