import { toId } from '@flotilla/contracts/ids';
import { ResolveOrder } from '@flotilla/contracts/orders';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { Injectable } from '@nestjs/common';
import { fateOfOrder, type StockFate } from '../domain/order-fate.js';
import { OrderFates } from '../use-cases/ports.js';

/** Asks orders, which decides about them. */
@Injectable()
export class OrdersFates extends OrderFates {
  constructor(private readonly rpc: RpcClient) {
    super();
  }

  async fateOf(orderId: string): Promise<StockFate> {
    return fateOfOrder(await this.rpc.call(ResolveOrder, { orderId: toId('ord', orderId) }));
  }
}
