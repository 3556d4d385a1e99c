import { type Id, toId } from '@flotilla/contracts/ids';
import { Database } from '@flotilla/runtime/database';
import { Logger } from '@flotilla/runtime/logger';
import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { FEED_GREW } from '../feed.js';
import { FeedFollower } from '../feed-follower.js';
import { Lookout } from '@flotilla/runtime/lookout';
import type { OrderMailKind } from './compose.js';
import { MailQueue } from './mail-queue.js';

/** How late an event is seen that another process fed, in milliseconds. */
const POLL_MS = 2_000;
/** Nobody minds half a second, and what happens in it is looked at together. */
const GATHER_MS = 500;

// An order that was placed with an API key was placed by a program: it knows what it does, and its owner gets no mail for each.
const WANTED = `
  SELECT event_id, owner, type FROM feed
  WHERE position > $1 AND position <= $2 AND mode = 'live' AND owner IS NOT NULL
    AND (type IN ('order.confirmed', 'order.cancelled', 'order.fulfilled')
      OR type = 'order.placed' AND envelope->'data'->>'status' = 'confirmed')
    AND NOT EXISTS (
      SELECT FROM feed AS first
      WHERE first.envelope->>'streamId' = feed.envelope->>'streamId' AND first.envelope->>'version' = '1'
        AND first.envelope->'actor' ? 'keyId')
  ORDER BY position`;

const KINDS = {
  'order.placed': 'order-confirmed',
  'order.confirmed': 'order-confirmed',
  'order.cancelled': 'order-cancelled',
  'order.fulfilled': 'order-shipped',
} as const satisfies Record<string, OrderMailKind>;

interface WantedRow {
  event_id: string;
  owner: Id<'usr'>;
  type: keyof typeof KINDS;
}

/** Queues mails about live orders that people placed: one for each event of the feed that asks for one, under the id of the event. */
@Injectable()
export class OrderMails implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly lookout;
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly follower: FeedFollower,
    private readonly queue: MailQueue,
    logger: Logger,
  ) {
    this.lookout = new Lookout({
      everyMs: POLL_MS,
      gatherMs: GATHER_MS,
      look: () => this.queueNext(),
      failed: (error) => logger.warn({ err: error }, 'the feed cannot be followed, trying on'),
    });
  }

  onApplicationBootstrap(): void {
    this.stopListening = this.database.onCommit(FEED_GREW, () => this.lookout.wake());
    this.lookout.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopListening();
    await this.lookout.stop();
  }

  private queueNext(): Promise<boolean> {
    return this.follower.next('mails', async (tx, { after, upTo }) => {
      const rows = await tx.rows<WantedRow>(WANTED, [after, upTo]);
      const mails = rows.map(({ event_id, owner, type }) => ({
        id: toId('evt', event_id),
        userId: owner,
        kind: KINDS[type],
      }));
      await this.queue.addOrderMails(tx, mails);
    });
  }
}
