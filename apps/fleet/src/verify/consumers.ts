import type { StatefulService } from '../services.js';

/** Somebody who hears all events of a service: the name of the durable consumer, and the service whose inbox it fills. */
export interface Consumer {
  name: string;
  service: StatefulService;
  hears: StatefulService;
}

/** What follows orders with stock. */
export const RESERVATIONS: Consumer = {
  name: 'inventory-reservations',
  service: 'inventory',
  hears: 'orders',
};

/** What opens the profiles of users. */
export const PROFILES: Consumer = { name: 'users-profiles', service: 'users', hears: 'identity' };

/** What takes personal data out of orders. */
export const CUSTOMERS: Consumer = {
  name: 'orders-customers',
  service: 'orders',
  hears: 'identity',
};

/** What ends the keys of erased users. */
export const KEY_OWNERS: Consumer = {
  name: 'api-keys-owners',
  service: 'api-keys',
  hears: 'identity',
};

/** Services that publish events; the others have an empty table. */
export const PRODUCERS = ['identity', 'users', 'orders', 'inventory', 'api-keys'] as const;

/** What feeds the events of each producer to clients. */
export const FEEDS: readonly Consumer[] = PRODUCERS.map((hears) => ({
  name: `feed-of-${hears}`,
  service: 'notifications',
  hears,
}));

/** What writes to users. */
export const MAILS: Consumer = {
  name: 'mails-of-identity',
  service: 'notifications',
  hears: 'identity',
};

/** What keeps webhooks to what their owners may do. */
export const WEBHOOK_OWNERS: Consumer = {
  name: 'webhooks-of-identity',
  service: 'notifications',
  hears: 'identity',
};

export const CONSUMERS: readonly Consumer[] = [
  RESERVATIONS,
  PROFILES,
  CUSTOMERS,
  KEY_OWNERS,
  MAILS,
  WEBHOOK_OWNERS,
  ...FEEDS,
];
