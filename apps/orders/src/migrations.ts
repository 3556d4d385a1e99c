import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { CreateOrders1767225600010 } from './repositories/migrations/create-orders.js';

/** Every migration of this service, oldest first. */
export const migrations = [CreateEventStore1767225600000, CreateOrders1767225600010];
