import type { Mode } from './mode.js';
import { cache } from './modes/cache.js';
import { events } from './modes/events.js';
import { gateway } from './modes/gateway.js';
import { graphql } from './modes/graphql.js';
import { identity } from './modes/identity.js';
import { mails } from './modes/mails.js';
import { messaging } from './modes/messaging.js';
import { hot, mixed, orders } from './modes/orders.js';
import { webhooks } from './modes/webhooks.js';

/** All there is to measure, in the order in which it is measured. */
export const MODES: readonly Mode[] = [
  orders,
  hot,
  mixed,
  identity,
  events,
  messaging,
  gateway,
  graphql,
  cache,
  webhooks,
  mails,
];

/** The mode of that name; undefined when there is none. */
export function modeNamed(name: string): Mode | undefined {
  return MODES.find((mode) => mode.name === name);
}

/** A row of the report. */
export interface Row {
  variant?: string;
  concurrency: number;
}

/** The rows that a mode gives. */
export function rowsOf(
  { variants, concurrency }: Pick<Mode, 'variants' | 'concurrency'>,
  given: readonly number[],
): Row[] {
  if (variants) return variants.map((one) => ({ variant: one.name, concurrency: one.concurrency }));
  return (concurrency ? [concurrency] : given).map((clients) => ({ concurrency: clients }));
}
