import { AllowRedaction1769200100000 } from '@flotilla/event-store/migrations/allow-redaction';
import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { CreateIdempotencyRecords1767229200000 } from '@flotilla/event-store/migrations/create-idempotency-records';
import { CreateRevocationFeed1769300000000 } from '@flotilla/revocation/migrations/create-revocation-feed';
import { AddAccountState1769000000000 } from './repositories/migrations/add-account-state.js';
import { CreateAccounts1767312000000 } from './repositories/migrations/create-accounts.js';
import { CreateAttemptCounters1769100000000 } from './repositories/migrations/create-attempt-counters.js';
import { CreateAuditEvents1769101000000 } from './repositories/migrations/create-audit-events.js';
import { CreateOAuth1769000100000 } from './repositories/migrations/create-oauth.js';
import { CreatePasskeys1769400000000 } from './repositories/migrations/create-passkeys.js';
import { CreateEmailLinks1769103000000 } from './repositories/migrations/create-email-links.js';
import { CreateSecondFactors1769102000000 } from './repositories/migrations/create-second-factors.js';

/** The schema of identity, oldest first. */
export const migrations = [
  CreateEventStore1767225600000,
  CreateIdempotencyRecords1767229200000,
  CreateAccounts1767312000000,
  AddAccountState1769000000000,
  CreateOAuth1769000100000,
  CreateAttemptCounters1769100000000,
  CreateAuditEvents1769101000000,
  CreateSecondFactors1769102000000,
  CreateEmailLinks1769103000000,
  AllowRedaction1769200100000,
  CreateRevocationFeed1769300000000,
  CreatePasskeys1769400000000,
];
