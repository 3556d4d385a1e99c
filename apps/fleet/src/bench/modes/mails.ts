import type { Figures, Measurement, Mode, PreparedMode, Zeros } from '../mode.js';
import { queryRows } from '../query-rows.js';
import type { Target } from '../target.js';
import { BenchClient } from './bench-client.js';
import { type Arrival, followOrders } from './followed-orders.js';
import { openShop, orderMode, type PreparedShop, UNIFORM } from './orders.js';
import { OwnGateway } from './own-gateway.js';

/** The pace of orders, as far as the fleet keeps up. */
const ORDERS_PER_SECOND = 50;

const SHOP = {
  ...UNIFORM,
  name: 'mails',
  summary: `mails a second, and how late they are at ${ORDERS_PER_SECOND} orders a second`,
  perSecond: ORDERS_PER_SECOND,
};

/** From an order to the mail that confirms it, which goes to the owner of the fleet's key. */
export const mails: Mode = {
  ...orderMode(SHOP),
  concurrency: 16,
  prepare: async (target) => {
    const gateway = await OwnGateway.start(target);
    try {
      const buyer = await BenchClient.register(target, 'orders:write');
      return new PreparedMails(target, gateway, buyer, await openShop(SHOP, target));
    } catch (error) {
      await gateway.end();
      throw error;
    }
  },
};

/** What a key orders is ordered by a program, and nobody gets a mail for it. Whoever has a token may not ask as often elsewhere. */
class PreparedMails implements PreparedMode {
  constructor(
    private readonly target: Target,
    private readonly gateway: OwnGateway,
    private readonly buyer: BenchClient,
    private readonly shop: PreparedShop,
  ) {}

  async measure(measurement: Measurement): Promise<Figures> {
    const accessToken = await this.buyer.accessToken();
    return followOrders(
      this.target,
      () => this.shop.measure(measurement, { accessToken, gateway: this.gateway }),
      (since) => this.sentFor(since),
    );
  }

  audit(): Promise<Zeros> {
    return this.shop.audit();
  }

  async close(): Promise<void> {
    await this.shop.close();
    await this.gateway.end();
    await this.buyer.remove();
  }

  private sentFor(since: string): Promise<Arrival[]> {
    return queryRows(
      this.target.fleet.databaseUrl,
      'notifications',
      `SELECT extract(epoch FROM finished_at)::float8 * 1000 AS at,
         extract(epoch FROM finished_at - occurred_at)::float8 * 1000 AS "lagMs"
       FROM mails JOIN feed ON event_id = mails.id
         CROSS JOIN LATERAL (SELECT (envelope->>'occurredAt')::timestamptz AS occurred_at) AS event
       WHERE outcome = 'sent' AND feed.type = 'order.placed' AND occurred_at >= $1`,
      [since],
    );
  }
}
