import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { CreateProfiles1767312000000 } from './migrations/create-profiles.js';

/** The schema of users, oldest first. */
export const migrations = [CreateEventStore1767225600000, CreateProfiles1767312000000];
