import { describe, expect, it } from '@jest/globals';
import { linesOf } from './lines.js';
import { ndjsonRows } from './ndjson-rows.js';
import type { RowResult } from './rows.js';

const GOOD = '{"sku":"A","name":"a","price_amount":1,"price_currency":"EUR","on_hand":2}';

describe('ndjsonRows', () => {
  it('reads one object a line, ignoring blank lines', async () => {
    expect(await read(`${GOOD}\n\r\n${GOOD}`)).toEqual([
      { row: { line: 1, sku: 'A', name: 'a', price: { amount: 1, currency: 'EUR' }, onHand: 2 } },
      { row: { line: 3, sku: 'A', name: 'a', price: { amount: 1, currency: 'EUR' }, onHand: 2 } },
    ]);
  });

  it.each([
    ['what is not JSON', '{"sku":'],
    ['what is not an object', '[1]'],
    ['null', 'null'],
    ['an unknown field', GOOD.replace('{', '{"colour":"red",')],
    ['a missing field', '{"sku":"A"}'],
    ['a fraction', GOOD.replace('2}', '2.5}')],
    ['a lone surrogate', GOOD.replace('"a"', '"\\ud800"')],
    ['an endless line', `"${'x'.repeat(20_000)}"`],
  ])('rejects %s, and that line only', async (_, line) => {
    expect(await read(`${line}\n${GOOD}\n`)).toMatchObject([
      { rejected: { line: 1, code: 'validation-failed' } },
      { row: { line: 2 } },
    ]);
  });
});

async function read(text: string) {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield Buffer.from(text);
  }
  const results: RowResult[] = [];
  for await (const some of ndjsonRows(linesOf(chunks()))) results.push(...some);
  return results;
}
