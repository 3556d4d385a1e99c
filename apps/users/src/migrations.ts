import { AllowRedaction1769200100000 } from '@flotilla/event-store/migrations/allow-redaction';
import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { CreateIdempotencyRecords1767229200000 } from '@flotilla/event-store/migrations/create-idempotency-records';
import { AddPreferencesAndAddresses1769200000000 } from './repositories/migrations/add-preferences-and-addresses.js';
import { RememberErasedUsers1769200200000 } from './repositories/migrations/remember-erased-users.js';
import { CreateProfiles1767312000000 } from './repositories/migrations/create-profiles.js';

/** The schema of users, oldest first. */
export const migrations = [
  CreateEventStore1767225600000,
  CreateIdempotencyRecords1767229200000,
  CreateProfiles1767312000000,
  AddPreferencesAndAddresses1769200000000,
  AllowRedaction1769200100000,
  RememberErasedUsers1769200200000,
];
