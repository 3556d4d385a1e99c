import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testRun } from '@flotilla/testing/test-run';

/** An order of a history, in the format of `replay`. */
interface Recorded {
  invoice: number;
  items: { sku: string; quantity: number }[];
  /** Minor units. */
  total: number;
}

/** A directory in the format of `replay`, and what replaying it has to come to. */
export interface RecordedHistory {
  directory: string;
  orders: Recorded[];
  products: number;
  totalAmount: number;
  units: number;
}

/** A trade history that nobody here wrote (Chinook), where it is present. */
export function chinook(): RecordedHistory | undefined {
  const beside = fileURLToPath(new URL('../../../../shared/data/chinook', import.meta.url));
  const directory = resolve(process.env['CHINOOK_DIR'] ?? beside);
  if (existsSync(join(directory, 'orders.ndjson'))) {
    return {
      directory,
      orders: ordersOf(directory),
      products: 3503,
      totalAmount: 232_860,
      units: 2_240,
    };
  }
  process.stderr.write(`skipped: there is no trade history in ${directory}\n`);
  return undefined;
}

const PRODUCTS = 40;
const ORDERS = 120;
const LINES = 3;

/** A small history: every product is wanted by several orders, and their last unit is sold. */
export function madeUp(): RecordedHistory {
  const directory = testRun.directory('history');
  const products = Array.from({ length: PRODUCTS }, (_, index) => ({
    sku: `ITEM-${String(index + 1).padStart(3, '0')}`,
    name: index % 2 === 0 ? `Item ${index} — ½ “ö”` : `"Item, ${index}"`,
    price: 99 + index,
    onHand: 0,
  }));
  const orders = Array.from({ length: ORDERS }, (_, index): Recorded => {
    const bought = Array.from({ length: 1 + (index % LINES) }, (_, line) => ({
      product: products[(index * 7 + line * 11) % PRODUCTS]!,
      quantity: 1 + ((index + line) % 3),
    }));
    for (const { product, quantity } of bought) product.onHand += quantity;
    return {
      invoice: index + 1,
      items: bought.map(({ product, quantity }) => ({ sku: product.sku, quantity })),
      total: bought.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0),
    };
  });
  const lines = products.map(
    ({ sku, name, price, onHand }) => `${sku},${name},${price},USD,${onHand}`,
  );
  const csv = ['sku,name,price_amount,price_currency,on_hand', ...lines, ''].join('\n');
  writeFileSync(join(directory, 'products.csv'), csv);
  const ndjson = orders.map((order) =>
    JSON.stringify({ customer: 'a@flotilla.example', ...order }),
  );
  writeFileSync(join(directory, 'orders.ndjson'), ndjson.join('\n'));
  return {
    directory,
    orders,
    products: PRODUCTS,
    totalAmount: orders.reduce((sum, { total }) => sum + total, 0),
    units: products.reduce((sum, { onHand }) => sum + onHand, 0),
  };
}

function ordersOf(directory: string): Recorded[] {
  const lines = readFileSync(join(directory, 'orders.ndjson'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Recorded);
}
