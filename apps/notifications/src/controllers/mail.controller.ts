import type { AccountEvents } from '@flotilla/contracts/identity';
import { type EventEnvelope, IDENTITY_EVENTS } from '@flotilla/contracts/events';
import type { Id } from '@flotilla/contracts/ids';
import type { MailEvents } from '@flotilla/contracts/mail';
import { type EventDelivery, OnEvent } from '@flotilla/messaging/events';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { MailQueue } from '../mail/mail-queue.js';

/** Which events want a mail. */
@Controller()
export class MailController {
  constructor(private readonly queue: MailQueue) {}

  @OnEvent(IDENTITY_EVENTS, '>', 'mails-of-identity')
  async onIdentity(@Payload() event: EventEnvelope, @Ctx() delivery: EventDelivery): Promise<void> {
    const tx = delivery.transaction!;
    const { id } = event;
    const userId = event.subject as Id<'usr'>;
    switch (event.type) {
      case 'user.registered': {
        const { firstName, locale = 'en' } = event.data as AccountEvents['user.registered'];
        if (firstName === null) return; // erased before this was heard
        return this.queue.add(tx, { id, userId, kind: 'welcome', locale, name: firstName });
      }
      case 'mail.requested': {
        const { purpose, locale } = event.data as MailEvents['mail.requested'];
        return this.queue.add(tx, { id, userId, kind: purpose, locale });
      }
      case 'user.erased':
        return this.queue.forget(tx, userId);
      default: // nothing that anybody is written about
    }
  }
}
