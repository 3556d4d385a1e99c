import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { CreateIdempotencyRecords1767229200000 } from '@flotilla/event-store/migrations/create-idempotency-records';
import { CreateInventory1767312000000 } from './repositories/migrations/create-inventory.js';

/** The schema of inventory, oldest first. */
export const migrations = [
  CreateEventStore1767225600000,
  CreateIdempotencyRecords1767229200000,
  CreateInventory1767312000000,
];
