import type { EventEnvelope } from '@flotilla/contracts/events';
import type { Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { Customers } from './ports.js';

/** Takes out of a user's orders what they say about the person, once identity has erased it; all else of them stays. */
@Injectable()
export class EraseCustomer {
  constructor(private readonly customers: Customers) {}

  /** Inside the transaction of the inbox. */
  async execute(tx: Transaction, { type, streamId }: EventEnvelope): Promise<void> {
    if (type === 'user.erased') await this.customers.erase(tx, streamId);
  }
}
