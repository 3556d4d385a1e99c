import { CreateEventStore1767225600000 } from '@flotilla/event-store/migrations/create-event-store';
import { CreateFeed1767312000000 } from './migrations/create-feed.js';

/** The schema of notifications, oldest first. */
export const migrations = [CreateEventStore1767225600000, CreateFeed1767312000000];
