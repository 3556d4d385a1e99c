import type { OrderView } from '@flotilla/contracts/orders';
import type { LoadConnection } from '../load/connection.js';
import type { Load } from '../load/load.js';
import type { Figures, Measurement, Mode, PreparedMode } from '../mode.js';
import type { Target } from '../target.js';

const READERS = 16;
const ORDERS = 20;
const PRODUCTS = 10;

const ITEM = 'sku name quantity unitPrice { amount currency } total { amount currency }';
const FIELDS = `id number status paymentStatus fulfillmentStatus currency total { amount currency }
  shippingAddress { name } metadata expiresAt version createdAt updatedAt`;
const USER = 'user { id email profile { displayName } }';
const PRODUCT = 'product { sku name available price { amount currency } }';

const list = (order: string) =>
  `{ orders(first: ${ORDERS}) { edges { cursor node { ${order} } } pageInfo { hasNextPage endCursor } } }`;
const QUERIES = {
  list: list(`${FIELDS} items { ${ITEM} }`),
  nested: list(`${FIELDS} ${USER} items { ${ITEM} ${PRODUCT} }`),
};
type Variant = keyof typeof QUERIES;

/** What one operation asks, one after the other: a query, or the addresses that have the same. */
type ReadSettings = { query: string } | { paths: string[] };

/** What GraphQL costs against the same data by REST: a page of orders, and one with their user and products. */
export const graphql: Mode = {
  name: 'graphql',
  summary: 'lists by GraphQL, and their CPU against the same data by REST',
  variants: [
    { name: 'list', concurrency: READERS },
    { name: 'nested', concurrency: READERS },
  ],
  load: (settings) => new ReadLoad(settings as ReadSettings),
  prepare: (target) => PreparedOrders.open(target),
};

class ReadLoad implements Load {
  constructor(private readonly settings: ReadSettings) {}

  async operate(connection: LoadConnection): Promise<void> {
    if ('query' in this.settings) {
      const { status, body } = await connection.post('/graphql', {}, this.settings);
      if (status !== 200 || body().includes('"errors"')) throw new Error(`answered ${status}`);
      return;
    }
    for (const path of this.settings.paths) {
      const { status } = await connection.get(path);
      if (status !== 200) throw new Error(`answered ${status}`);
    }
  }
}

/** A page of orders of two lines each. */
class PreparedOrders implements PreparedMode {
  private constructor(
    private readonly target: Target,
    private readonly skus: readonly string[],
  ) {}

  static async open(target: Target): Promise<PreparedOrders> {
    const skus = Array.from(
      { length: PRODUCTS },
      (_, index) => `BENCH-${target.run}-graphql-${index}`,
    );
    const lines = skus.map((sku) => `${sku},Bench,1999,EUR,${ORDERS * 2}`);
    const catalogue = ['sku,name,price_amount,price_currency,on_hand', ...lines].join('\n');
    await target.gateway.importCatalogue(catalogue, 'text/csv');
    for (let index = 0; index < ORDERS; index += 1) {
      const items = [index, index + 1].map((at) => ({ sku: skus[at % PRODUCTS]!, quantity: 1 }));
      const { status } = await target.gateway.request<OrderView>('/api/orders', {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'Idempotency-Key': `bench-${target.run}-graphql-${index}`,
        },
        body: JSON.stringify({ items }),
      });
      if (status !== 201) throw new Error(`an order was answered ${status}`);
    }
    return new PreparedOrders(target, skus);
  }

  /** One after the other, in the same minute. */
  async measure({ variant, ...measurement }: Measurement): Promise<Figures> {
    const load = async (settings: ReadSettings) =>
      (await this.target.load({ mode: graphql.name, settings, ...measurement })).figures;
    const rest = await load({ paths: this.paths(variant as Variant) });
    const figures = await load({ query: QUERIES[variant as Variant] });
    if (figures.cpuMsPerOp === undefined || !rest.cpuMsPerOp) return figures;
    return { ...figures, ratioToRest: figures.cpuMsPerOp / rest.cpuMsPerOp };
  }

  /** Nobody is to buy what was there to be measured. */
  async close(): Promise<void> {
    if (!this.target.fleet.isLasting) return;
    for (const sku of this.skus) {
      await this.target.gateway.request(`/api/products/${sku}`, { method: 'DELETE' });
    }
  }

  private paths(variant: Variant): string[] {
    const orders = `/api/v2/orders?limit=${ORDERS}`;
    if (variant === 'list') return [orders];
    const products = this.skus.map((sku) => `/api/v2/products/${sku}`);
    return [orders, '/api/v2/users/me', ...products];
  }
}
