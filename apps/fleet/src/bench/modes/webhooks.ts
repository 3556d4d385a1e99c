import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FeedEvent } from '@flotilla/contracts/event-feed';
import type { Figures, Measurement, Mode, PreparedMode, Zeros } from '../mode.js';
import type { Target } from '../target.js';
import { type Arrival, followOrders } from './followed-orders.js';
import { orderMode, UNIFORM } from './orders.js';

/** The pace of orders, as far as the fleet keeps up. */
const ORDERS_PER_SECOND = 500;

const paced = orderMode({
  ...UNIFORM,
  name: 'webhooks',
  summary: 'deliveries a second, and how late they are at 500 orders a second',
  perSecond: ORDERS_PER_SECOND,
});

/** From an order to whoever wants to hear of it: one message to one endpoint. */
export const webhooks: Mode = {
  ...paced,
  concurrency: 48,
  prepare: async (target) => {
    const receiver = await Receiver.open();
    try {
      // Refused where private addresses are.
      const endpoint = { url: receiver.url, events: ['order.placed'] };
      const { id } = await target.create<{ id: string }>('/api/webhook-endpoints', endpoint);
      return new PreparedWebhooks(target, receiver, id, await paced.prepare(target));
    } catch (error) {
      receiver.close();
      throw error;
    }
  },
};

class PreparedWebhooks implements PreparedMode {
  constructor(
    private readonly target: Target,
    private readonly receiver: Receiver,
    private readonly endpointId: string,
    private readonly shop: PreparedMode,
  ) {}

  measure(measurement: Measurement): Promise<Figures> {
    const arrivals = this.receiver.listen();
    return followOrders(
      this.target,
      () => this.shop.measure(measurement),
      () => [...arrivals.values()],
    );
  }

  audit(): Promise<Zeros> {
    return this.shop.audit!();
  }

  async close(): Promise<void> {
    await this.shop.close();
    const path = `/api/webhook-endpoints/${this.endpointId}`;
    await this.target.gateway.request(path, { method: 'DELETE' });
    this.receiver.close();
  }
}

/** Somebody's server. It believes what it is told: to check signatures is not what is measured. */
class Receiver {
  private arrivals = new Map<string, Arrival>();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        const { id, occurredAt } = JSON.parse(body) as FeedEvent;
        const at = Date.now();
        const isNew = !this.arrivals.has(id);
        if (isNew) this.arrivals.set(id, { at, lagMs: at - Date.parse(occurredAt) });
        response.writeHead(204).end();
      });
    });
  }

  static async open(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Receiver(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** What arrives from now on, by event. */
  listen(): ReadonlyMap<string, Arrival> {
    return (this.arrivals = new Map());
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
