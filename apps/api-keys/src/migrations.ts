import { AllowRedaction1769200100000 } from '@flotilla/event-store/migrations/allow-redaction';
import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { CreateIdempotencyRecords1767229200000 } from '@flotilla/event-store/migrations/create-idempotency-records';
import { CreateRevocationFeed1769300000000 } from '@flotilla/revocation/migrations/create-revocation-feed';
import { AddErasedOwners1769302000000 } from './repositories/migrations/add-erased-owners.js';
import { AddKeyTerms1769301000000 } from './repositories/migrations/add-key-terms.js';
import { CreateApiKeys1767312000000 } from './repositories/migrations/create-api-keys.js';

/** The schema of api-keys, oldest first. */
export const migrations = [
  CreateEventStore1767225600000,
  CreateIdempotencyRecords1767229200000,
  CreateApiKeys1767312000000,
  AllowRedaction1769200100000,
  CreateRevocationFeed1769300000000,
  AddKeyTerms1769301000000,
  AddErasedOwners1769302000000,
];
