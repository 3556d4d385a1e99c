import type { Actor } from '@flotilla/contracts/actor';
import { AppError } from '@flotilla/contracts/errors';
import { eventActor } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import type { CommitHoldRequest, CommittedHold } from '@flotilla/contracts/stock-holds';
import { Injectable } from '@nestjs/common';
import { Reservations } from './ports.js';
import { SalesGate } from './sales-gate.js';

/** Makes a hold permanent before its order is confirmed, if it still stands; repeating it changes nothing. */
@Injectable()
export class CommitHold {
  constructor(
    private readonly reservations: Reservations,
    private readonly gate: SalesGate,
  ) {}

  /** @throws AppError `hold-expired`, `unavailable` while the stock is not up to date */
  async execute({ orderId }: CommitHoldRequest, actor: Actor): Promise<CommittedHold> {
    if (!this.gate.isOpen) await this.gate.opened();
    if (await this.reservations.commit(toUuid('ord', orderId), eventActor(actor))) {
      return { orderId, state: 'committed' };
    }
    throw new AppError('hold-expired', 'The stock of the order is no longer held.');
  }
}
