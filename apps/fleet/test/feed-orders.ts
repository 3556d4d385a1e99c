import type { FeedEvent } from '@flotilla/contracts/event-feed';
import type { LineUnits, OrderEvents } from '@flotilla/contracts/order-events';
import type { OrderItemView, OrderView } from '@flotilla/contracts/orders';
import type { Page } from '@flotilla/contracts/pages';
import type { HttpClient } from '@flotilla/testing/http-client';

/** A customer's copy of all orders, kept by nothing but `GET /events`: what the contract says of events, and no code of ours. */
interface Copy {
  order: OrderView;
  paid: number;
  refunded: number;
  shipped: number;
  returned: number;
}

/** Reads the feed from the first event on, some at a time. */
export async function feedFromZero(client: HttpClient, limit = 7): Promise<FeedEvent[]> {
  const events: FeedEvent[] = [];
  for (let next: string | null = null; ;) {
    const after: string = next === null ? '' : `&after=${next}`;
    const { status, body } = await client.get<Page<FeedEvent>>(
      `/api/v2/events?types=order.*&limit=${limit}${after}`,
    );
    if (status !== 200) throw new Error(`GET /events was answered ${status}`);
    events.push(...body.data);
    next = body.nextCursor;
    if (next === null) return events;
  }
}

/** All orders of the mode, as they are answered now, by id. */
export async function ordersAnswered(client: HttpClient): Promise<Map<string, OrderView>> {
  const orders = new Map<string, OrderView>();
  for (let next: string | null = null; ;) {
    const cursor: string = next === null ? '' : `&cursor=${next}`;
    const { body } = await client.get<Page<OrderView>>(`/api/v2/orders?limit=100${cursor}`);
    for (const order of body.data) orders.set(order.id, order);
    next = body.nextCursor;
    if (next === null) return orders;
  }
}

/** The orders that the events tell of. Throws when an event is missing, doubled or out of its turn. */
export function rebuildOrders(events: readonly FeedEvent[]): Map<string, OrderView> {
  const copies = new Map<string, Copy>();
  for (const event of events) copies.set(event.subject, told(copies.get(event.subject), event));
  return new Map([...copies].map(([id, { order }]) => [id, order]));
}

function told(copy: Copy | undefined, event: FeedEvent): Copy {
  const expected = (copy?.order.version ?? 0) + 1;
  if (event.version !== expected) {
    throw new Error(`${event.subject}: version ${event.version} in place of ${expected}`);
  }
  const after = copy ?? placed(event);
  const { order } = after;
  order.version = event.version;
  order.updatedAt = event.occurredAt;
  change(after, event);
  const ordered = units(order.items);
  order.paymentStatus = paymentStatus(after);
  order.fulfillmentStatus =
    after.returned === ordered
      ? 'returned'
      : after.shipped === ordered
        ? 'fulfilled'
        : after.shipped > 0
          ? 'partial'
          : 'unfulfilled';
  return after;
}

function placed({ type, subject, occurredAt, data }: FeedEvent): Copy {
  if (type !== 'order.placed') throw new Error(`${subject} begins with ${type}`);
  const order = {
    id: subject,
    ...(data as OrderEvents['order.placed']),
    version: 1,
    createdAt: occurredAt,
    updatedAt: occurredAt,
    paymentStatus: 'none',
    fulfillmentStatus: 'unfulfilled',
  } as OrderView;
  return { order, paid: 0, refunded: 0, shipped: 0, returned: 0 };
}

function change(copy: Copy, { type, data }: FeedEvent): void {
  const { order } = copy;
  const amount = () => (data as OrderEvents['order.paid']).amount.amount;
  const items = () => (data as OrderEvents['order.fulfilled']).items;
  if (type === 'order.paid') copy.paid += amount();
  if (type === 'order.refunded') copy.refunded += amount();
  if (type === 'order.returned') copy.returned += units(items());
  if (type === 'order.fulfilled') copy.shipped += units(items());
  if (type === 'order.expired') order.status = 'expired';
  if (type === 'order.confirmed') settle(order, 'confirmed');
  if (type === 'order.cancelled') settle(order, 'cancelled');
  if (type === 'order.fulfilled' && copy.shipped === units(order.items)) settle(order, 'completed');
}

function settle(order: OrderView, status: OrderView['status']): void {
  order.status = status;
  order.expiresAt = null;
}

function paymentStatus({ order, paid, refunded }: Copy): OrderView['paymentStatus'] {
  if (paid === 0) return 'none';
  if (refunded > 0) return refunded < paid ? 'partially_refunded' : 'refunded';
  return paid < order.total.amount ? 'authorized' : 'captured';
}

function units(lines: readonly (LineUnits | OrderItemView)[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}
