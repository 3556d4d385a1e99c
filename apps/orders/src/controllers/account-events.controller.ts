import { type EventEnvelope, IDENTITY_EVENTS } from '@flotilla/contracts/events';
import { type EventDelivery, OnEvent } from '@flotilla/messaging/events';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { EraseCustomer } from '../use-cases/erase-customer.js';

/** What orders hears of users. */
@Controller()
export class AccountEventsController {
  constructor(private readonly eraseCustomer: EraseCustomer) {}

  @OnEvent(IDENTITY_EVENTS, 'user.*', 'orders-customers')
  on(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    return this.eraseCustomer.execute(delivery.transaction!, event);
  }
}
