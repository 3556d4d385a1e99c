import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { CreateIdempotencyRecords1767229200000 } from '@flotilla/event-store/migrations/create-idempotency-records';
import { CreateInventory1767312000000 } from './repositories/migrations/create-inventory.js';
import { MarkEndedOrders1767398400010 } from './repositories/migrations/mark-ended-orders.js';
import { PlanExpiredHolds1767398400000 } from './repositories/migrations/plan-expired-holds.js';

/** The schema of inventory, oldest first. */
export const migrations = [
  CreateEventStore1767225600000,
  CreateIdempotencyRecords1767229200000,
  CreateInventory1767312000000,
  PlanExpiredHolds1767398400000,
  MarkEndedOrders1767398400010,
];
