import { setTimeout as sleep } from 'node:timers/promises';
import { percentiles } from '../load/percentiles.js';
import type { Figures } from '../mode.js';
import { queryRows } from '../query-rows.js';
import type { Target } from '../target.js';

/** How long what was set off may take to arrive, in milliseconds. */
const PATIENCE_MS = 120_000;
const POLL_MS = 250;

/** When what follows an order was there, and how long after the decision. Milliseconds. */
export interface Arrival {
  at: number;
  lagMs: number;
}

/**
 * Has orders placed, waits until each is followed by an arrival, and tells how many of these came a second, and how late.
 * @param arrivals those for orders of this moment, a `timestamptz` as text, or later
 * @throws Error when some have not come two minutes after the last order; the signal's reason when that aborts
 */
export async function followOrders(
  { fleet, signal }: Target,
  place: () => Promise<Figures>,
  arrivals: (since: string) => Promise<readonly Arrival[]> | readonly Arrival[],
): Promise<Figures> {
  const inOrders = <Row extends object>(text: string, ...values: unknown[]) =>
    queryRows<Row>(fleet.databaseUrl, 'orders', text, values);
  const [now] = await inOrders<{ since: string }>('SELECT now()::text AS since');
  const { since } = now!;
  const { perSecond: ordersPerSecond } = await place();
  const [count] = await inOrders<{ placed: number }>(
    `SELECT count(*)::int AS placed FROM events WHERE type = 'order.placed' AND occurred_at >= $1`,
    since,
  );
  const { placed } = count!;
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const arrived = await arrivals(since);
    if (arrived.length >= placed) return { ...lagFigures(arrived), ordersPerSecond };
    if (performance.now() > deadline)
      throw new Error(`Of ${placed} orders only ${arrived.length} were followed by anything`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

function lagFigures(arrived: readonly Arrival[]): Figures {
  const times = arrived.map(({ at }) => at).sort((a, b) => a - b);
  const seconds = (times.at(-1)! - times[0]!) / 1_000;
  return { perSecond: arrived.length / seconds, ...percentiles(arrived.map(({ lagMs }) => lagMs)) };
}
