import type { Actor, Mode } from '@flotilla/contracts/actor';
import { sortedKeys } from '@flotilla/contracts/canonical-json';
import { notFound } from '@flotilla/contracts/errors';
import { type Id, toId, toUuid, uuidOf } from '@flotilla/contracts/ids';
import type {
  ListOrdersRequest,
  OrderEventView,
  OrderView,
  OwnedOrder,
  PostalAddress,
  UserOrdersQuery,
} from '@flotilla/contracts/orders';
import { DEFAULT_PAGE_LIMIT, type Listing } from '@flotilla/contracts/pages';
import { Clock } from '@flotilla/runtime/clock';
import { Cursors, instant, uuid } from '@flotilla/runtime/cursor';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { rehydrate } from '../domain/order.js';
import { orderFor, seesAllOrders } from '../domain/order-access.js';
import { asOf } from '../domain/order-view.js';
import { Orders } from '../use-cases/ports.js';

interface OrderRow {
  id: string;
  user_id: string;
  number: string;
  status: OrderView['status'];
  payment_status: OrderView['paymentStatus'];
  fulfillment_status: OrderView['fulfillmentStatus'];
  currency: string;
  total_amount: string;
  shipping_address: PostalAddress | null;
  metadata: Record<string, unknown>;
  expires_at: Date | null;
  version: number;
  created_at: Date;
  updated_at: Date;
  lines: [sku: string, name: string, quantity: number, unitPriceAmount: number][];
}

const CURSORS = new Cursors('orders', instant, uuid);

const SELECT = `
  SELECT id, user_id, number, status, payment_status, fulfillment_status, currency, total_amount,
    shipping_address, metadata, expires_at, version, created_at, updated_at,
    (SELECT json_agg(json_build_array(sku, name, quantity, unit_price_amount) ORDER BY position)
     FROM order_lines WHERE order_id = orders.id) AS lines
  FROM orders`;

/** Each list by itself, from the index of its user: as many rows are read as are shown. */
const LISTS = `
  SELECT position::int AS list, listed.*
  FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::uuid[], $6::int[])
    WITH ORDINALITY AS lists(of_user, with_status, after_at, after_id, length, position),
  LATERAL (${SELECT}
    WHERE mode = $1 AND user_id = of_user
      AND (after_at IS NULL OR (created_at, id) < (after_at, after_id))
      AND (with_status IS NULL OR with_status = CASE WHEN status = 'pending' AND expires_at <= $7 THEN 'expired' ELSE status END)
    ORDER BY created_at DESC, id DESC LIMIT length) AS listed
  ORDER BY position, created_at DESC, id DESC`;

/** What customers and staff read of orders. */
@Injectable()
export class OrderQueries {
  constructor(
    private readonly database: Database,
    private readonly orders: Orders,
    private readonly clock: Clock,
  ) {}

  /** Throws AppError `not-found`. */
  async get(actor: Actor, orderId: Id<'ord'>): Promise<OrderView> {
    const where = new Conditions().and('id =', toUuid('ord', orderId)).visibleTo(actor);
    const [row] = await this.database.rows<OrderRow>(SELECT + where.text, where.values);
    if (!row) throw notFound('order');
    return asOf(toView(row), this.clock.now());
  }

  /** The actor's orders (for `orders:admin` everybody's), newest first. Throws AppError `validation-failed`. */
  async list(
    actor: Actor,
    { status, cursor, limit = DEFAULT_PAGE_LIMIT }: ListOrdersRequest,
  ): Promise<Listing<OrderView>> {
    const now = this.clock.now();
    const where = new Conditions().visibleTo(actor);
    if (status !== undefined) where.hasStatus(status, now);
    if (cursor !== undefined) where.after(CURSORS.decode(cursor));
    const rows = await this.database.rows<OrderRow>(
      `${SELECT}${where.text} ORDER BY created_at DESC, id DESC LIMIT ${where.value(limit + 1)}`,
      where.values,
    );
    return listed(rows, limit, now);
  }

  /** Those among these that the actor may see, and whose they are; a malformed id is of none. */
  async findMany(actor: Actor, orderIds: readonly string[]): Promise<OwnedOrder[]> {
    const ids = orderIds.flatMap((id) => uuidOf('ord', id) ?? []);
    const where = new Conditions().oneOf('id', ids).visibleTo(actor);
    const rows = await this.database.rows<OrderRow>(SELECT + where.text, where.values);
    const now = this.clock.now();
    return rows.map((row) => ({ userId: toId('usr', row.user_id), order: asOf(toView(row), now) }));
  }

  /**
   * Several lists at once, each as `list` has it of one user; those of a user whose orders the actor may not see are empty.
   * Throws AppError `validation-failed`.
   */
  async listOfUsers(
    actor: Actor,
    queries: readonly UserOrdersQuery[],
  ): Promise<Listing<OrderView>[]> {
    const now = this.clock.now();
    const lists = queries.map(({ userId, status, cursor, limit = DEFAULT_PAGE_LIMIT }) => {
      const [afterAt, afterId] = CURSORS.decode(cursor);
      const visible = userId === actor.userId || seesAllOrders(actor);
      const user = visible ? uuidOf('usr', userId) : undefined;
      return { user: user ?? null, status: status ?? null, afterAt, afterId, limit };
    });
    const rows = await this.database.rows<OrderRow & { list: number }>(LISTS, [
      actor.mode,
      lists.map(({ user }) => user),
      lists.map(({ status }) => status),
      lists.map(({ afterAt }) => afterAt),
      lists.map(({ afterId }) => afterId),
      lists.map(({ limit }) => limit + 1),
      now,
    ]);
    const ofList = Map.groupBy(rows, ({ list }) => list);
    return lists.map(({ limit }, index) => listed(ofList.get(index + 1) ?? [], limit, now));
  }

  /** What happened to an order, version 1 first. Throws AppError `not-found`. */
  async events(actor: Actor, orderId: Id<'ord'>): Promise<{ data: OrderEventView[] }> {
    const history = await this.orders.history(orderId);
    orderFor(actor, rehydrate(history));
    return {
      data: history.map(({ id, type, version, occurredAt, actor: by, data }) => ({
        id,
        type,
        version,
        occurredAt,
        actor: by,
        data: withoutRequestHash(data),
      })),
    };
  }
}

function listed(rows: readonly OrderRow[], limit: number, now: Date): Listing<OrderView> {
  return CURSORS.listing(
    rows,
    limit,
    (row) => asOf(toView(row), now),
    (row) => [row.created_at.toISOString(), row.id],
  );
}

/** The conditions of one query with their values; its text is one of a few, so it stays prepared. */
class Conditions {
  readonly values: unknown[] = [];
  private readonly conditions: string[] = [];

  get text(): string {
    return ` WHERE ${this.conditions.join(' AND ')}`;
  }

  value(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  and(comparison: string, value: unknown): this {
    this.conditions.push(`${comparison} ${this.value(value)}`);
    return this;
  }

  oneOf(column: string, values: readonly unknown[]): this {
    this.conditions.push(`${column} = ANY (${this.value(values)})`);
    return this;
  }

  visibleTo(actor: Actor): this {
    this.and('mode =', actor.mode satisfies Mode);
    return seesAllOrders(actor) ? this : this.and('user_id =', toUuid('usr', actor.userId));
  }

  /** By the status that a reader is shown: a pending order past its end counts as expired. */
  hasStatus(status: OrderView['status'], now: Date): this {
    if (status === 'pending') return this.and('status =', status).and('expires_at >', now);
    if (status !== 'expired') return this.and('status =', status);
    this.conditions.push(
      `(status = 'expired' OR status = 'pending' AND expires_at <= ${this.value(now)})`,
    );
    return this;
  }

  after([createdAt, id]: readonly unknown[]): this {
    this.conditions.push(
      `(created_at, id) < (${this.value(createdAt)}::timestamptz, ${this.value(id)}::uuid)`,
    );
    return this;
  }
}

function toView(row: OrderRow): OrderView {
  const { currency } = row;
  return {
    id: toId('ord', row.id),
    number: row.number,
    status: row.status,
    paymentStatus: row.payment_status,
    fulfillmentStatus: row.fulfillment_status,
    currency,
    items: row.lines.map(([sku, name, quantity, amount]) => ({
      sku,
      name,
      quantity,
      unitPrice: { amount, currency },
      total: { amount: amount * quantity, currency },
    })),
    total: { amount: Number(row.total_amount), currency },
    shippingAddress: sortedKeys(row.shipping_address) as PostalAddress | null,
    metadata: sortedKeys(row.metadata) as Record<string, unknown>,
    expiresAt: row.expires_at?.toISOString() ?? null,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** Telling requests apart is our own affair. */
function withoutRequestHash(data: object): object {
  return Object.fromEntries(Object.entries(data).filter(([key]) => key !== 'requestHash'));
}
