import type { EventDelivery, EventMiddleware, NextEvent } from '@flotilla/messaging/events';
import { failpoint } from '@flotilla/runtime/failpoints';
import { Injectable } from '@nestjs/common';

/** Stands outside the inbox, where an event has taken effect and the broker does not know it yet. */
@Injectable()
export class CrashBeforeAck implements EventMiddleware {
  async handle(_delivery: EventDelivery, next: NextEvent): Promise<void> {
    await next();
    failpoint('inventory.consumer-after-commit');
  }
}
