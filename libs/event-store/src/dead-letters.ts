import type { DeadLetterView, ReplayedDeadLetters } from '@flotilla/contracts/event-stream';
import type { EventEnvelope } from '@flotilla/contracts/events';
import { EventDispatcher } from '@flotilla/messaging/event-dispatcher';
import { currentContext, remainingMs } from '@flotilla/runtime/request-context';
import { Injectable } from '@nestjs/common';
import { REPLAY_HEADER } from './inbox.js';
import { Letters } from './letters.js';

/** What has to be left of the caller's time to begin another letter, in milliseconds. */
const MARGIN_MS = 250;

/** What consumers could not apply, for operators. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly letters: Letters,
    private readonly dispatcher: EventDispatcher,
  ) {}

  /** The dead letters that are not replayed yet, oldest first. */
  list(limit: number): Promise<DeadLetterView[]> {
    return this.letters.dead(limit);
  }

  /**
   * Applies dead letters through the same inbox, each stream in the order of its versions until one fails again; for `ids`,
   * the whole streams that they hold up. Stops early when the caller's time is over: ask again while any remain.
   */
  async replay(ids?: readonly string[]): Promise<ReplayedDeadLetters> {
    let replayed = 0;
    let failed = 0;
    for (const { consumer, streamId } of await this.letters.stuck(ids ?? null)) {
      while (remainingMs(currentContext()) > MARGIN_MS) {
        const event = await this.letters.first(consumer, streamId);
        if (!event) break;
        if (await this.apply(consumer, event)) replayed += 1;
        else {
          failed += 1;
          break;
        }
      }
    }
    return { replayed, failed, remaining: (await this.letters.count()) - failed };
  }

  private async apply(consumer: string, event: EventEnvelope): Promise<boolean> {
    const facts = { attempt: 1, headers: { [REPLAY_HEADER]: 'yes' }, together: false };
    try {
      await this.dispatcher.dispatch(consumer, event, facts);
      return true;
    } catch {
      // The dispatcher has logged the handler's error, and the letter keeps it as its reason.
      return false;
    }
  }
}
