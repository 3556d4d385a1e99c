import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { sizeOfInput } from '../input-file.js';
import { UsageError } from '../output.js';

/** An order as the history recorded it. */
export interface RecordedOrder {
  invoice: number;
  items: { sku: string; quantity: number }[];
  /** Minor units. */
  total: number;
}

/** A catalogue and the orders that it once sold. */
export interface TradeHistory {
  /** What the idempotency keys of its orders begin with: replaying it twice places nothing twice. */
  name: string;
  catalogue: string;
  orders: RecordedOrder[];
}

/** Reads `products.csv` and `orders.ndjson` of a directory. @throws UsageError when it is not a history */
export function readTradeHistory(path: string): TradeHistory {
  const directory = resolve(path);
  const catalogue = join(directory, 'products.csv');
  const orders = join(directory, 'orders.ndjson');
  for (const file of [catalogue, orders]) sizeOfInput(file);
  const name = basename(directory).replaceAll(/[^A-Za-z0-9._-]/g, '-');
  return { name, catalogue, orders: parseOrders(readFileSync(orders, 'utf8')) };
}

/** One order a line. @throws UsageError naming the first line that is none */
export function parseOrders(text: string): RecordedOrder[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const order = parse(line);
    if (!order) throw new UsageError(`orders.ndjson, line ${index + 1}: not an order`);
    return [order];
  });
}

function parse(line: string): RecordedOrder | undefined {
  try {
    const { invoice, items, total } = JSON.parse(line) as Partial<RecordedOrder>;
    if (typeof invoice !== 'number' || typeof total !== 'number' || !Array.isArray(items)) {
      return undefined;
    }
    // Only what an order takes: a history may say more of an item.
    return { invoice, total, items: items.map(({ sku, quantity }) => ({ sku, quantity })) };
  } catch {
    return undefined;
  }
}
