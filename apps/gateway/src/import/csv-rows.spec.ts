import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvRows } from './csv-rows.js';
import { linesOf } from './lines.js';
import type { RowResult } from './rows.js';

const HEADER = 'sku,name,price_amount,price_currency,on_hand';

describe('csvRows', () => {
  it('takes columns in any order, a byte order mark, CRLF, and quoted commas, quotes and line breaks', async () => {
    const text =
      '\ufeffname,on_hand,sku,price_currency,price_amount\r\n' +
      '"Nut, ""M6""\r\nsteel",5,NUT-6,EUR,1999\r\n' +
      '\r\n' +
      'Bolt,0,BOLT,USD,0';
    expect(await read(text)).toEqual([
      { row: row(2, { sku: 'NUT-6', name: 'Nut, "M6"\nsteel', amount: 1999, onHand: 5 }) },
      { row: row(5, { sku: 'BOLT', name: 'Bolt', amount: 0, currency: 'USD', onHand: 0 }) },
    ]);
  });

  it('does not depend on where the chunks of the stream are cut', async () => {
    const text = `${HEADER}\r\nA,"é\n""x"",",1,EUR,1\r\nB,b"b,1,EUR,1\r\nC,"c,1,EUR,1\r\nD,d,1,EUR,1\r\n`;
    const whole = await read(text);
    expect(
      whole.map((result) => ('row' in result ? result.row.sku : result.rejected.line)),
    ).toEqual(['A', 4, 5, 'D']);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), async (size) => {
        expect(await read(text, size)).toEqual(whole);
      }),
    );
  });

  it.each([
    ['too few fields', 'A,b,1,EUR'],
    ['too many fields', 'A,b,1,EUR,1,x'],
    ['a bad SKU', 'a b,b,1,EUR,1'],
    ['no name', 'A,,1,EUR,1'],
    ['a name of blanks', 'A," \t",1,EUR,1'],
    ['a name that is not UTF-8', 'A,\ufffd,1,EUR,1'],
    ['a NUL', 'A,\0,1,EUR,1'],
    ['a price with a comma', 'A,b,"19,99",EUR,1'],
    ['a price with a point', 'A,b,19.99,EUR,1'],
    ['a price beyond exact integers', 'A,b,9007199254740993,EUR,1'],
    ['a currency in small letters', 'A,b,1,eur,1'],
    ['a currency that there is not', 'A,b,1,ABC,1'],
    ['negative stock', 'A,b,1,EUR,-1'],
    ['stock in scientific notation', 'A,b,1,EUR,1e3'],
    ['more stock than may be', 'A,b,1,EUR,1000000001'],
    ['a quote inside a field', 'A,b"c,1,EUR,1'],
    ['text after a closing quote', 'A,"b"c,1,EUR,1'],
    ['a quote that is never closed', 'A,"b,1,EUR,1'],
    ['a line that is too long', `A,${'b'.repeat(20_000)},1,EUR,1`],
  ])('rejects a line with %s, and that line only', async (_, line) => {
    const results = await read(`${HEADER}\n${line}\nGOOD,g,1,EUR,1\n`);
    expect(results).toEqual([
      { rejected: { line: 2, code: 'validation-failed', detail: expect.any(String) } },
      { row: row(3, { sku: 'GOOD', name: 'g', amount: 1, onHand: 1 }) },
    ]);
  });

  it('rejects a last line that was cut off', async () => {
    const results = await read(`${HEADER}\nA,a,1,EUR,1\nB,"b`);
    expect(results.map((result) => 'row' in result)).toEqual([true, false]);
  });

  it.each(['', 'sku,name', `${HEADER},extra`, 'sku,sku,name,price_amount,price_currency', '"sku'])(
    'refuses the header %j',
    async (header) => {
      await expect(read(header)).rejects.toMatchObject({ code: 'validation-failed' });
    },
  );

  it('gives up on a lost quote soon, not at the end of the file', async () => {
    const lines = Array.from({ length: 1_000 }, (_, at) => `S${at},s,1,EUR,1`);
    const results = await read(`${HEADER}\nA,"lost,1,EUR,1\n${lines.join('\n')}`);
    expect(results.filter((result) => 'row' in result)).toHaveLength(1_000);
  });
});

function row(
  line: number,
  {
    amount,
    currency = 'EUR',
    ...rest
  }: { sku: string; name: string; amount: number; currency?: string; onHand: number },
) {
  return { line, ...rest, price: { amount, currency } };
}

async function read(text: string, chunkSize = 65_536) {
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize);
  }
  const results: RowResult[] = [];
  for await (const some of csvRows(linesOf(chunks()))) results.push(...some);
  return results;
}
