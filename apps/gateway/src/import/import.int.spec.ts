import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@flotilla/contracts/errors';
import {
  type ImportProductsRequest,
  ImportProducts,
  type ImportResult,
} from '@flotilla/contracts/catalogue-import';
import { eventually } from '@flotilla/testing/eventually';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type GatewayUnderTest, gatewayUnderTest } from '../../test/gateway-under-test.js';

const HEADER = 'sku,name,price_amount,price_currency,on_hand\n';

let gateway: GatewayUnderTest;
let key: string;
let take: (request: ImportProductsRequest) => Promise<ImportResult>;
let batches: ImportProductsRequest[];
let atOnce: number;
let mostAtOnce: number;

beforeAll(async () => {
  gateway = await gatewayUnderTest();
  key = gateway.key({ mode: 'test', permissions: ['inventory:write'] });
  await gateway.services.answer(ImportProducts, async (request) => {
    batches.push(request);
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    try {
      return await take(request);
    } finally {
      atOnce -= 1;
    }
  });
});
beforeEach(() => {
  batches = [];
  atOnce = 0;
  mostAtOnce = 0;
  take = async ({ rows }) => ({ accepted: rows.length, rejected: 0, errors: [] });
});
afterAll(() => gateway.close());

describe('POST /inventory/import', () => {
  it('takes what is valid and reports the rest by line, the services’ refusals included', async () => {
    take = async ({ rows }) => ({
      accepted: rows.length - 1,
      rejected: 1,
      errors: [{ line: rows[0]!.line, code: 'version-conflict', detail: 'Because.' }],
    });
    const body = `${HEADER}A,a,1,EUR,1\nB,"b\nb",x,EUR,1\nC,c,3,EUR,3\na,again,1,EUR,1\n`;
    expect(await (await send(body)).json()).toEqual({
      accepted: 1,
      rejected: 3,
      errors: [
        { line: 2, code: 'version-conflict', detail: 'Because.' },
        { line: 3, code: 'validation-failed', detail: expect.stringContaining('price_amount') },
        { line: 6, code: 'sku-taken', detail: expect.stringContaining('a') },
      ],
    });
    expect(batches).toEqual([
      {
        mode: 'test',
        rows: [
          { line: 2, sku: 'A', name: 'a', price: { amount: 1, currency: 'EUR' }, onHand: 1 },
          { line: 5, sku: 'C', name: 'c', price: { amount: 3, currency: 'EUR' }, onHand: 3 },
        ],
      },
    ]);
  });

  it('takes NDJSON with the same names', async () => {
    const line = '{"sku":"A","name":"a","price_amount":1,"price_currency":"EUR","on_hand":1}\n';
    const response = await send(line, 'application/x-ndjson; charset=utf-8');
    expect(await response.json()).toEqual({ accepted: 1, rejected: 0, errors: [] });
  });

  it('sends 100,000 rows in batches of 500, two at a time, none twice and none lost', async () => {
    take = async ({ rows: taken }) => {
      if (batches.length === 1) await eventually(() => mostAtOnce === 2);
      return { accepted: taken.length, rejected: 0, errors: [] };
    };
    const body = HEADER + rows(100_000);
    expect(await (await send(body)).json()).toMatchObject({ accepted: 100_000, rejected: 0 });
    expect(batches.every((batch) => batch.rows.length === 500)).toBe(true);
    expect(new Set(batches.flatMap((batch) => batch.rows.map((row) => row.sku))).size).toBe(
      100_000,
    );
    expect(mostAtOnce).toBe(2);
  });

  it('sends names as long as they may be in messages that the broker takes', async () => {
    const name = '\u0001'.repeat(500);
    const body =
      HEADER + Array.from({ length: 500 }, (_, at) => `S${at},${name},1,EUR,1`).join('\n');
    expect(await (await send(body)).json()).toMatchObject({ accepted: 500, rejected: 0 });
  });

  it('lists no more than 10,000 errors, and counts them all', async () => {
    const response = await send(HEADER + 'bad\n'.repeat(12_000));
    const result = (await response.json()) as ImportResult;
    expect(result).toMatchObject({ accepted: 0, rejected: 12_000 });
    expect(result.errors).toHaveLength(10_000);
  });

  it('reads no faster than rows are taken', async () => {
    let letThrough: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letThrough = resolve));
    take = async ({ rows: taken }) => {
      await gate;
      return { accepted: taken.length, rejected: 0, errors: [] };
    };
    const { upload, answer } = startUpload();
    upload.write(HEADER);
    let written = 0;
    const chunk = (at: number) => rows(10_000, at * 10_000) + '\n';
    while (written < 60 && (upload.write(chunk(written)) || (await drained(upload)))) written += 1;
    expect(written).toBeLessThan(60);
    letThrough();
    upload.end();
    expect(JSON.parse((await answer).body)).toMatchObject({ rejected: 0 });
  });

  it('passes on that a service is away, before the file has ended', async () => {
    take = () =>
      Promise.reject(
        new AppError('unavailable', 'Not now.', { details: { retryAfterSeconds: 3 } }),
      );
    const { upload, answer } = startUpload();
    upload.on('error', () => undefined);
    upload.write(HEADER + rows(2_000) + '\n');
    const { status, headers } = await answer;
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('3');
    upload.destroy();
  });

  it('takes 32 MiB and not a byte more, whether or not the length is announced', async () => {
    const lines = `${'x'.repeat(1023)}\n`.repeat(32 * 1024);
    const fits = HEADER + lines.slice(HEADER.length);
    expect((await send(fits)).status).toBe(200);
    const tooMuch = await send(`${fits}\n`);
    expect(await tooMuch.json()).toMatchObject({ status: 413, code: 'payload-too-large' });
    const { upload, answer } = startUpload();
    upload.on('error', () => undefined);
    upload.write(`${fits}\n`);
    expect(await answer).toMatchObject({ status: 413 });
    upload.destroy();
  });

  it('refuses a file of more than 1,000,000 lines', async () => {
    const response = await send(HEADER + '\n'.repeat(1_000_001));
    expect(await response.json()).toMatchObject({ status: 413, code: 'payload-too-large' });
  });

  it.each([
    ['sku,name\n', 'text/csv', 400, 'validation-failed'],
    ['', 'text/csv', 400, 'validation-failed'],
    ['{}', 'application/json', 415, 'unsupported-media-type'],
    ['x', 'text/plain', 415, 'unsupported-media-type'],
  ])('answers %j as %s with %d', async (body, type, status, code) => {
    expect(await (await send(body, type)).json()).toMatchObject({ status, code });
  });

  it('reads CSV as CSV however its type is spelled', async () => {
    const response = await send(HEADER + rows(2), 'TEXT/CSV; charset=UTF-8');
    expect(await response.json()).toEqual({ accepted: 2, rejected: 0, errors: [] });
    const latin = await send(HEADER + rows(2), 'text/csv; charset=iso-8859-1');
    expect(await latin.json()).toMatchObject({ status: 415, code: 'unsupported-media-type' });
  });

  it('needs a body', async () => {
    const response = await gateway.fetch('/api/inventory/import', { method: 'POST', key });
    expect(await response.json()).toMatchObject({ status: 415 });
  });

  it('is refused before the file is read when the permission is missing', async () => {
    const other = gateway.key({ permissions: ['inventory:read'] });
    const response = await gateway.fetch('/api/inventory/import', {
      method: 'POST',
      key: other,
      headers: { 'content-type': 'text/csv' },
      body: HEADER + rows(10),
    });
    expect(await response.json()).toMatchObject({ status: 403, permission: 'inventory:write' });
    expect(batches).toEqual([]);
  });
});

function rows(count: number, from = 0): string {
  return Array.from({ length: count }, (_, at) => `S-${from + at},"Name, of it",1999,EUR,5`).join(
    '\n',
  );
}

function send(body: string, type = 'text/csv'): Promise<Response> {
  return gateway.fetch('/api/inventory/import', {
    method: 'POST',
    key,
    headers: { 'content-type': type },
    body,
  });
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** An upload that goes on as long as the test likes, without saying how long it will be. */
function startUpload() {
  const { promise: answer, resolve } = Promise.withResolvers<Answer>();
  const upload = httpRequest(
    `${gateway.url}/api/inventory/import`,
    { method: 'POST', headers: { 'x-api-key': key, 'content-type': 'text/csv' } },
    (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      const done = () => resolve({ status: response.statusCode!, headers: response.headers, body });
      response.on('end', done);
    },
  );
  return { upload, answer };
}

/** Whether the other side takes more before long. */
async function drained(stream: ReturnType<typeof httpRequest>): Promise<boolean> {
  const taken = new Promise<boolean>((resolve) => stream.once('drain', () => resolve(true)));
  return Promise.race([taken, sleep(500, false)]);
}
