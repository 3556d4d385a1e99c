import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Problem } from './problem.js';
import type { StockView } from '@flotilla/contracts/inventory';
import type { ImportResult } from '@flotilla/contracts/catalogue-import';
import type { OrderEventView, OrderView } from '@flotilla/contracts/orders';
import { eventually } from '@flotilla/testing/eventually';
import type { HttpAnswer, HttpClient } from '@flotilla/testing/http-client';
import type { RunningFleet } from '@flotilla/testing/fleet';
import pg from 'pg';

/** What clients and operators do, in the words of the journeys. */

type Body = NonNullable<RequestInit['body']>;

/** The command line. */
export const PROGRAM = fileURLToPath(new URL('../bin/fleet.mjs', import.meta.url));
const HEADER = 'sku,name,price_amount,price_currency,on_hand\n';

/** Sends a body as it is, of any type. */
export async function send<Answer>(
  fleet: RunningFleet,
  path: string,
  type: string,
  body: Body,
  headers: Record<string, string> = {},
): Promise<HttpAnswer<Answer>> {
  const { url, apiKey } = fleet.file();
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'x-api-key': apiKey, 'content-type': type, ...headers },
    body,
    duplex: 'half',
    signal: AbortSignal.timeout(120_000),
  } as RequestInit);
  const { status, headers: answered } = response;
  return { status, headers: answered, body: (await response.json()) as Answer };
}

export function importCsv(fleet: RunningFleet, csv: Body): Promise<HttpAnswer<ImportResult>> {
  return send<ImportResult>(fleet, '/api/v1/inventory/import', 'text/csv', csv);
}

/** Puts products at 10.00 EUR into the catalogue, with so many units each. */
export async function stockUp(fleet: RunningFleet, stock: Record<string, number>): Promise<void> {
  const lines = Object.entries(stock).map(
    ([sku, onHand]) => `${sku},Item ${sku},1000,EUR,${onHand}`,
  );
  const { body } = await importCsv(fleet, HEADER + lines.join('\n'));
  if (body.accepted !== lines.length) throw new Error(JSON.stringify(body));
}

export function placeOrder<Answer = OrderView>(
  client: HttpClient,
  key: string,
  items: { sku: string; quantity: number }[],
  more: object = {},
): Promise<HttpAnswer<Answer>> {
  return client.post<Answer>('/api/v1/orders', { items, ...more }, { 'idempotency-key': key });
}

export async function stockOf(client: HttpClient, sku: string): Promise<StockView> {
  return (await client.get<StockView>(`/api/v1/inventory/${sku}`)).body;
}

export async function eventsOf(client: HttpClient, id: string): Promise<OrderEventView[]> {
  return (await client.get<{ data: OrderEventView[] }>(`/api/v1/orders/${id}/events`)).body.data;
}

/** Runs a command of the fleet's command line; `document` is what it printed with `--json`. */
export function command<Document>(
  ...args: string[]
): Promise<{ code: number; document: Document; stderr: string }> {
  return commandWith<Document>({}, ...args);
}

/** The same with more in its environment. */
export function commandWith<Document>(
  env: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; document: Document; stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [PROGRAM, ...args, '--json'],
      { maxBuffer: 64 * 1024 * 1024, timeout: 240_000, env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        const code = error ? Number(error.code) : 0;
        try {
          resolve({ code, document: JSON.parse(stdout) as Document, stderr });
        } catch {
          reject(new Error(`${args.join(' ')} ended with ${code}: ${stdout}\n${stderr}`));
        }
      },
    );
  });
}

/** What `verify` found. */
export interface Verdict {
  ok: boolean;
  checked: Record<string, number>;
  violations: { invariant: string; service: string; table: string; id: string; detail: string }[];
}

export function verify(fleet: RunningFleet): Promise<{ code: number; document: Verdict }> {
  return command<Verdict>('verify', '--data', fleet.directory);
}

/** A connection to one service's database, as its administrator; whoever asks for it ends it. */
export async function withinDatabase(fleet: RunningFleet, service: string): Promise<pg.Client> {
  const url = new URL(fleet.file().databaseUrl);
  url.pathname += `_${service.replaceAll('-', '_')}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
}

/** Rows of one service's database, seen as its administrator. */
export async function rows<Row extends pg.QueryResultRow>(
  fleet: RunningFleet,
  service: string,
  text: string,
): Promise<Row[]> {
  const client = await withinDatabase(fleet, service);
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Waits until every order has been settled in inventory and has reached the feed: then nothing is in flight. */
export async function settled(fleet: RunningFleet): Promise<void> {
  const placed = await rows(fleet, 'orders', "SELECT 1 FROM events WHERE type = 'order.placed'");
  await eventually(
    async () => {
      const open = await rows(
        fleet,
        'inventory',
        "SELECT 1 FROM reservations WHERE state = 'held' AND decided_at IS NULL",
      );
      const fed = await rows(
        fleet,
        'notifications',
        "SELECT 1 FROM feed WHERE envelope->>'type' = 'order.placed'",
      );
      if (open.length > 0 || fed.length !== placed.length) {
        throw new Error(`${open.length} undecided, ${fed.length} of ${placed.length} orders fed`);
      }
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
}

/**
 * All rows of orders and inventory, table by table, as a count and a hash, once nothing is in flight: what a refused request
 * must leave as it was. How far a service has looked through a log is not among it: it does so by itself.
 */
export async function footprint(fleet: RunningFleet): Promise<Record<string, unknown>> {
  await settled(fleet);
  return {
    orders: await contents(fleet, 'orders'),
    inventory: await contents(fleet, 'inventory'),
  };
}

/** The content of every table of a service, once all its events are published. */
async function contents(fleet: RunningFleet, service: string): Promise<Record<string, string>> {
  await eventually(async () => {
    const waiting = await rows(fleet, service, 'SELECT 1 FROM events WHERE published_at IS NULL');
    if (waiting.length > 0) throw new Error(`${waiting.length} events are not published`);
  });
  const tables = await rows<{ name: string }>(
    fleet,
    service,
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'log_places' ORDER BY 1",
  );
  const contentOf = async (name: string): Promise<[string, string]> => {
    const sum = "count(*) || ' rows, ' || coalesce(sum(hashtextextended(row::text, 0)), 0)";
    const [table] = await rows<{ content: string }>(
      fleet,
      service,
      `SELECT ${sum} AS content FROM "${name}" AS row`,
    );
    return [name, table!.content];
  };
  return Object.fromEntries(await Promise.all(tables.map(({ name }) => contentOf(name))));
}

export type { Problem };
