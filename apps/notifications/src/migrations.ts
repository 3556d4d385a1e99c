import { AllowRedaction1769200100000 } from '@flotilla/event-store/migrations/allow-redaction';
import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { AddFeedWorlds1769300100000 } from './migrations/add-feed-worlds.js';
import { CreateIdempotencyRecords1767229200000 } from '@flotilla/event-store/migrations/create-idempotency-records';
import { CreateWebhooks1769300200000 } from './migrations/create-webhooks.js';
import { IndexPersonalData1769200300000 } from './migrations/index-personal-data.js';
import { AddOrderMails1769300300000 } from './migrations/add-order-mails.js';
import { CreateFeed1767312000000 } from './migrations/create-feed.js';
import { CreateMails1769110000000 } from './migrations/create-mails.js';

/** The schema of notifications, oldest first. */
export const migrations = [
  CreateEventStore1767225600000,
  CreateIdempotencyRecords1767229200000,
  CreateFeed1767312000000,
  CreateMails1769110000000,
  AllowRedaction1769200100000,
  IndexPersonalData1769200300000,
  AddFeedWorlds1769300100000,
  CreateWebhooks1769300200000,
  AddOrderMails1769300300000,
];
