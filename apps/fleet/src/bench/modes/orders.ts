import type { Figures, Measurement, Mode, PreparedMode, Zeros } from '../mode.js';
import type { Target } from '../target.js';
import { auditOrders } from './order-audit.js';
import { archiveProducts, makeProducts } from './bench-products.js';
import { OrderLoad, type OrderRecord, type OrderSettings } from './order-load.js';
import type { OwnGateway } from './own-gateway.js';

/** More than can be sold in the longest run, and still far from what the column holds. */
const PLENTY = 100_000_000;

/** What is sold, and how. */
interface Shop extends Pick<OrderSettings, 'lines' | 'retried' | 'cancelled'> {
  name: string;
  summary: string;
  /** As many as the run says when left out. */
  products?: number;
  /** The share of the products of which there are only `SCARCE` units. */
  scarce: number;
  /** How fast orders are begun; as fast as the workers can when left out. */
  perSecond?: number;
}

/** Few enough to be sold out in the first second. */
const SCARCE = 20;
const ONE_LINE = { least: 1, most: 1 };

export const UNIFORM = { scarce: 0, lines: ONE_LINE, retried: 0, cancelled: 0 };

/** Orders of one line, spread evenly over all products. */
export const orders = orderMode({
  ...UNIFORM,
  name: 'orders',
  summary: 'orders of one line, spread over all products',
});

/** Everybody wants the same product. */
export const hot = orderMode({
  ...UNIFORM,
  name: 'hot',
  summary: 'orders of one line, all of one product',
  products: 1,
});

/** What a shop sees: long orders, impatient clients, second thoughts, products that run out. */
export const mixed = orderMode({
  name: 'mixed',
  summary: 'orders of 1 to 20 lines, some asked twice, some cancelled, some products scarce',
  scarce: 0.01,
  lines: { least: 1, most: 20 },
  retried: 0.1,
  cancelled: 0.1,
});

/** A mode that sells from a shop of its own. */
export function orderMode(shop: Shop): Mode {
  return {
    name: shop.name,
    summary: shop.summary,
    load: (settings) => new OrderLoad(settings as OrderSettings),
    prepare: (target) => openShop(shop, target),
  };
}

/** Who orders with a token, by way of a gateway that lets it do so often enough. */
export interface Buyer {
  accessToken: string;
  gateway: OwnGateway;
}

/** Stocks a shop. @throws Error when its products could not be made */
export async function openShop(shop: Shop, target: Target): Promise<PreparedShop> {
  const { products = target.products } = shop;
  const scarce = Math.round(products * shop.scarce);
  const stocked = new Map(
    Array.from({ length: products }, (_, index) => [
      `BENCH-${target.run}-${shop.name}-${index}`,
      index < scarce ? SCARCE : PLENTY,
    ]),
  );
  await makeProducts(
    target,
    Array.from(stocked, ([sku, onHand]) => ({ sku, name: 'Bench', onHand })),
  );
  return new PreparedShop(shop, target, stocked);
}

/** A shop whose products are there. */
export class PreparedShop implements PreparedMode {
  private readonly records: OrderRecord[] = [];

  constructor(
    private readonly shop: Shop,
    private readonly target: Target,
    private readonly stocked: ReadonlyMap<string, number>,
  ) {}

  /** The fleet's own key orders, unless there is a buyer. */
  async measure({ concurrency, seconds }: Measurement, buyer?: Buyer): Promise<Figures> {
    const { name, lines, retried, cancelled, perSecond } = this.shop;
    const prefix = `bench-${this.target.run}-${name}-${this.records.length}`;
    const skus = [...this.stocked.keys()];
    const accessToken = buyer?.accessToken;
    const settings: OrderSettings = { prefix, skus, lines, retried, cancelled, accessToken };
    const { figures, record } = await this.target.load({
      mode: name,
      settings,
      concurrency,
      seconds,
      ...(perSecond !== undefined && { perSecond }),
      ...(buyer && { gateway: buyer.gateway }),
    });
    this.records.push(record as OrderRecord);
    return figures;
  }

  audit(): Promise<Zeros> {
    const { stocked, records } = this;
    return auditOrders(this.target.fleet.databaseUrl, { stocked, records });
  }

  close(): Promise<void> {
    return archiveProducts(this.target, this.stocked.keys());
  }
}
