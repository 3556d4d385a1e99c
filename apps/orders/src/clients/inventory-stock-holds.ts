import type { Actor } from '@flotilla/contracts/actor';
import type { Id } from '@flotilla/contracts/ids';
import {
  CommitHold,
  HoldStock,
  type HoldStockRequest,
  type StockHold,
} from '@flotilla/contracts/stock-holds';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { Injectable } from '@nestjs/common';
import { StockHolds } from '../use-cases/ports.js';

const TIMEOUT_MS = 1_000;

/** Asks inventory, which owns the stock. */
@Injectable()
export class InventoryStockHolds extends StockHolds {
  constructor(private readonly rpc: RpcClient) {
    super();
  }

  hold(actor: Actor, request: HoldStockRequest): Promise<StockHold> {
    return this.rpc.call(HoldStock, request, { actor, timeoutMs: TIMEOUT_MS });
  }

  async commit(actor: Actor, orderId: Id<'ord'>): Promise<void> {
    await this.rpc.call(CommitHold, { orderId }, { actor, timeoutMs: TIMEOUT_MS });
  }
}
