import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { CreateAccounts1767312000000 } from './migrations/create-accounts.js';

/** The schema of identity, oldest first. */
export const migrations = [CreateEventStore1767225600000, CreateAccounts1767312000000];
