import type { Actor } from '@flotilla/contracts/actor';
import { AppError } from '@flotilla/contracts/errors';
import { eventActor } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import type { CommitHoldRequest, CommittedHold } from '@flotilla/contracts/inventory';
import { Injectable } from '@nestjs/common';
import { Reservations } from './ports.js';

/** Makes a hold permanent before its order is confirmed, if it still stands; repeating it changes nothing. */
@Injectable()
export class CommitHold {
  constructor(private readonly reservations: Reservations) {}

  /** @throws AppError `hold-expired` */
  async execute({ orderId }: CommitHoldRequest, actor: Actor): Promise<CommittedHold> {
    if (await this.reservations.commit(toUuid('ord', orderId), eventActor(actor))) {
      return { orderId, state: 'committed' };
    }
    throw new AppError('hold-expired', 'The stock of the order is no longer held.');
  }
}
