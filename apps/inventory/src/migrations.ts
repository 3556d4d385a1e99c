import { AllowRedaction1769200100000 } from '@flotilla/event-store/migrations/allow-redaction';
import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { CreateLogPlaces1767398400020 } from '@flotilla/event-store/migrations/create-log-places';
import { CreateIdempotencyRecords1767229200000 } from '@flotilla/event-store/migrations/create-idempotency-records';
import { CreateInventory1767312000000 } from './repositories/migrations/create-inventory.js';
import { MarkEndedOrders1767398400010 } from './repositories/migrations/mark-ended-orders.js';
import { RememberConfirmBy1769200200000 } from './repositories/migrations/remember-confirm-by.js';
import { PlanExpiredHolds1767398400000 } from './repositories/migrations/plan-expired-holds.js';

/** The schema of inventory, oldest first. */
export const migrations = [
  CreateEventStore1767225600000,
  CreateIdempotencyRecords1767229200000,
  CreateInventory1767312000000,
  PlanExpiredHolds1767398400000,
  MarkEndedOrders1767398400010,
  CreateLogPlaces1767398400020,
  AllowRedaction1769200100000,
  RememberConfirmBy1769200200000,
];
