import type { Command } from 'commander';
import { importFile } from '../catalogue.js';
import type { GatewayClient } from '../gateway-client.js';
import { Output } from '../output.js';
import { progressBar } from '../progress-bar.js';
import { placeRecorded, type PlacedRecord } from '../replay/place-recorded.js';
import { readTradeHistory, type TradeHistory } from '../replay/trade-history.js';
import { type FleetOptions, gatewayOf, wholeNumber, withFleetOptions } from './fleet-options.js';

interface ReplayOptions extends FleetOptions {
  concurrency: number;
}

/** What `replay --json` says; amounts in minor units. */
interface Replayed {
  imported: number;
  orders: { placed: number; replayed: number; failed: number };
  totalAmount: number;
  units: number;
  seconds: number;
}

/** `replay`: a catalogue and the orders of a history; exit code 1 when one is refused or has another total. */
export function replayCommand(program: Command): void {
  withFleetOptions(program.command('replay'))
    .description('import the catalogue of a trade history and place its orders')
    .argument('<dir>', 'a directory with products.csv and orders.ndjson')
    .option('--concurrency <n>', 'orders in flight at once', wholeNumber(1, 1000), 16)
    .action(async (dir: string, options: ReplayOptions) => {
      const output = new Output(options.json);
      const gateway = gatewayOf(options);
      const history = readTradeHistory(dir);
      const started = performance.now();
      const { accepted, rejected } = await importFile(gateway, history.catalogue);
      output.step(`${accepted} products imported, ${rejected} lines not taken`);
      const records = await placeAll(gateway, history, options.concurrency);
      const seconds = Number(((performance.now() - started) / 1000).toFixed(3));
      const result: Replayed = { imported: accepted, ...summary(records), seconds };
      for (const record of records) if (record.outcome === 'failed') output.warn(record.reason);
      output.result(result, inWords(result));
      if (result.orders.failed > 0 || rejected > 0) process.exitCode = 1;
    });
}

async function placeAll(
  gateway: GatewayClient,
  { name, orders }: TradeHistory,
  concurrency: number,
): Promise<PlacedRecord[]> {
  const bar = progressBar(orders.length, 'orders');
  const records: PlacedRecord[] = [];
  const waiting = orders.values();
  const worker = async () => {
    // One iterator for all workers: each order is taken once, in the order of the history.
    for (const recorded of waiting) {
      records.push(await placeRecorded(gateway, name, recorded));
      bar.advance();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  bar.stop();
  return records;
}

function summary(
  records: readonly PlacedRecord[],
): Pick<Replayed, 'orders' | 'totalAmount' | 'units'> {
  const orders = { placed: 0, replayed: 0, failed: 0 };
  let totalAmount = 0;
  let units = 0;
  for (const record of records) {
    orders[record.outcome] += 1;
    if (record.outcome === 'failed') continue;
    totalAmount += record.order.total.amount;
    for (const { quantity } of record.order.items) units += quantity;
  }
  return { orders, totalAmount, units };
}

function inWords({ orders, totalAmount, units, seconds }: Replayed): string {
  const perSecond = Math.round((orders.placed + orders.replayed) / seconds);
  return (
    `${orders.placed} orders placed, ${orders.replayed} had been before, ${orders.failed} failed; ` +
    `${units} units for ${(totalAmount / 100).toFixed(2)} in ${seconds.toFixed(1)} s (${perSecond}/s)`
  );
}
