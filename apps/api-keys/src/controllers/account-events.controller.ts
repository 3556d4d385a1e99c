import { type EventEnvelope, IDENTITY_EVENTS } from '@flotilla/contracts/events';
import { type EventDelivery, OnEvent } from '@flotilla/messaging/events';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { EraseOwner } from '../use-cases/erase-owner.js';

/** What api-keys hears of users. */
@Controller()
export class AccountEventsController {
  constructor(private readonly eraseOwner: EraseOwner) {}

  @OnEvent(IDENTITY_EVENTS, 'user.*', 'api-keys-owners')
  on(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    return this.eraseOwner.execute(delivery.transaction!, event);
  }
}
