import { AllowRedaction1769200100000 } from '@flotilla/event-store/migrations/allow-redaction';
import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { IndexEventPositions1767398400030 } from '@flotilla/event-store/migrations/index-event-positions';
import { CreateOrders1767225600010 } from './repositories/migrations/create-orders.js';

/** Every migration of this service, oldest first. */
export const migrations = [
  CreateEventStore1767225600000,
  CreateOrders1767225600010,
  IndexEventPositions1767398400030,
  AllowRedaction1769200100000,
];
