import { IDENTITY_EVENTS } from '@flotilla/contracts/events';
import { EventApplier } from '@flotilla/event-store/event-applier';
import { Injectable } from '@nestjs/common';
import { HearAccount } from '../use-cases/hear-account.js';
import { type AccountEvent, Accounts } from '../use-cases/ports.js';

/** The consumer that follows the accounts of identity. */
export const PROFILES_CONSUMER = 'users-profiles';

/** What identity tells of users, asked for instead of waited for; each event takes effect once all the same. */
@Injectable()
export class IdentityAccounts extends Accounts {
  constructor(
    private readonly applier: EventApplier,
    private readonly hear: HearAccount,
  ) {
    super();
  }

  catchUp(userId: string): Promise<void> {
    const stream = { consumer: PROFILES_CONSUMER, channel: IDENTITY_EVENTS, streamId: userId };
    return this.applier.applyUnheard(stream, (delivery) =>
      this.hear.execute(delivery!.transaction!, delivery!.event as AccountEvent),
    );
  }
}
