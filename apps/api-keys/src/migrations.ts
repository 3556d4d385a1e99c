import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { CreateApiKeys1767312000000 } from './repositories/migrations/create-api-keys.js';

/** The schema of api-keys, oldest first. */
export const migrations = [CreateEventStore1767225600000, CreateApiKeys1767312000000];
