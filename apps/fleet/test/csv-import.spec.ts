import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import { isComplete } from '@flotilla/testing/sample';
import type { ImportResult } from '@flotilla/contracts/catalogue-import';
import type { ProductView } from '@flotilla/contracts/products';
import { importCsv, send, stockOf, verify } from './actions.js';

const HEADER = 'sku,name,price_amount,price_currency,on_hand';
/** The longest file: with `npm run complete` one that would not fit in what the processes may take. */
const LINES = isComplete ? 100_000 : 20_000;
let fleet: TestFleet;

beforeAll(async () => {
  fleet = await testFleet();
}, 150_000);
afterAll(() => fleet?.stop());

describe('a catalogue file', () => {
  it('may have a byte-order mark, CRLF, quoted commas, quotes and newlines', async () => {
    const csv = `\uFEFF${HEADER}\r\nODD-1,"Tea, ""green""\r\nand black",250,EUR,3\r\nODD-2,Plain,100,EUR,1`;
    expect((await importCsv(fleet, csv)).body).toEqual({ accepted: 2, rejected: 0, errors: [] });
    const { body } = await fleet.client.get<ProductView>('/api/v1/products/ODD-1');
    expect(body.name).toBe('Tea, "green"\nand black');
  });

  it('loses only its bad lines, and is told which they are', async () => {
    const csv = [
      HEADER,
      'FINE-1,One,100,EUR,1',
      'BAD-PRICE,Two,1.99,EUR,1',
      'FINE-2,"Two\nlines",100,EUR,2',
      'no spaces please,Four,100,EUR,1',
      'FEW,columns',
      'FINE-3,Last,100,EUR,3',
    ].join('\n');
    const { status, body } = await importCsv(fleet, csv);
    expect([status, body.accepted, body.rejected]).toEqual([200, 3, 3]);
    expect(body.errors.map(({ line }) => line)).toEqual([3, 6, 7]);
    expect((await stockOf(fleet.client, 'FINE-3')).onHand).toBe(3);
  });

  it('loses only its last line when it was cut off', async () => {
    const csv = `${HEADER}\nCUT-1,One,100,EUR,1\nCUT-2,"Two`;
    const { body } = await importCsv(fleet, csv);
    expect([body.accepted, body.rejected, body.errors[0]?.line]).toEqual([1, 1, 3]);
  });

  it('may be NDJSON with the same names', async () => {
    const lines = [
      { sku: 'ND-1', name: 'One', price_amount: 100, price_currency: 'EUR', on_hand: 4 },
      { sku: 'ND-2', name: 'Two', price_amount: -1, price_currency: 'EUR', on_hand: 4 },
    ];
    const ndjson = `${lines.map((one) => JSON.stringify(one)).join('\n')}\n{broken\n`;
    const path = '/api/v1/inventory/import';
    const { body } = await send<ImportResult>(fleet, path, 'application/x-ndjson', ndjson);
    expect([body.accepted, body.rejected]).toEqual([1, 2]);
    expect(body.errors.map(({ line }) => line)).toEqual([2, 3]);
  });

  it('counts: importing it again changes nothing, and never below what is reserved', async () => {
    await importCsv(fleet, `${HEADER}\nTWICE,Twice,100,EUR,5`);
    await fleet.client.post(
      '/api/v1/orders',
      { items: [{ sku: 'TWICE', quantity: 4 }] },
      { 'idempotency-key': 'twice' },
    );
    await importCsv(fleet, `${HEADER}\nTWICE,Twice,100,EUR,5`);
    expect(await stockOf(fleet.client, 'TWICE')).toMatchObject({
      onHand: 5,
      reserved: 4,
      available: 1,
    });
    const { body } = await importCsv(fleet, `${HEADER}\nTWICE,Twice,100,EUR,3`);
    expect(body.errors).toMatchObject([{ line: 2, code: 'insufficient-stock' }]);
  });

  it(`of ${LINES} lines is taken as it comes, in memory that does not grow with it`, async () => {
    const before = peakMemoryMiB(fleet);
    const { body } = await importCsv(fleet, stream(LINES));
    expect(body).toEqual({ accepted: LINES, rejected: 0, errors: [] });
    expect(await stockOf(fleet.client, `BULK-${LINES - 1}`)).toMatchObject({ onHand: 7 });
    // What is in flight is a few batches of 500 lines; the rest is garbage that V8 had no reason to collect.
    for (const [service, peak] of Object.entries(peakMemoryMiB(fleet))) {
      expect(peak - before[service]!).toBeLessThan(256);
    }
    expect((await verify(fleet)).document.violations).toEqual([]);
  }, 180_000);
});

function stream(lines: number): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      if (next === 0) controller.enqueue(Buffer.from(`${HEADER}\n`));
      const end = Math.min(next + 1_000, lines);
      let chunk = '';
      for (; next < end; next += 1) chunk += `BULK-${next},Bulk item number ${next},1999,EUR,7\n`;
      controller.enqueue(Buffer.from(chunk));
      if (next === lines) controller.close();
    },
  });
}

/** The most memory that the processes of the path have had so far, in MiB, by service (Linux). */
function peakMemoryMiB(fleet: TestFleet): Record<string, number> {
  const path = fleet
    .file()
    .processes.filter(({ service }) => ['gateway', 'inventory'].includes(service));
  return Object.fromEntries(
    path.map(({ service, pid }) => {
      const kib = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return [service, Number(kib) / 1024];
    }),
  );
}
