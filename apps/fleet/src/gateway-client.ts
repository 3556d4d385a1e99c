import { Readable } from 'node:stream';
import type { ImportResult } from '@flotilla/contracts/inventory';
import type { OrderItemInput, OrderView } from '@flotilla/contracts/orders';

/** What a gateway said: any status is an answer. */
export interface GatewayAnswer<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

/** The part of a problem document (RFC 9457) that people read. */
export interface Problem {
  code?: string;
  detail?: string;
}

/** A gateway refused, and asking again would not help. */
export class GatewayRefusal extends Error {
  constructor(
    readonly status: number,
    what: string,
    problem: Problem,
  ) {
    super(`${what}: ${status} ${problem.code ?? ''} ${problem.detail ?? ''}`.trimEnd());
    this.name = 'GatewayRefusal';
  }
}

/** The longest that one request may take; imports stream for longer. */
const REQUEST_TIMEOUT_MS = 10_000;
const IMPORT_TIMEOUT_MS = 10 * 60_000;

/** Speaks the public contract to a gateway, with an API key. */
export class GatewayClient {
  constructor(
    readonly url: string,
    private readonly apiKey: string,
  ) {}

  /** @throws the error of `fetch` when nobody answers in time */
  async request<Body>(
    path: string,
    init: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<GatewayAnswer<Body & Problem>> {
    const response = await fetch(new URL(path, this.url), {
      ...init,
      headers: { 'X-API-Key': this.apiKey, ...init.headers },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    return answerOf(response);
  }

  /** Places an order, once per idempotency key. */
  placeOrder(
    idempotencyKey: string,
    items: readonly OrderItemInput[],
  ): Promise<GatewayAnswer<OrderView & Problem>> {
    return this.request<OrderView>('/api/orders', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': idempotencyKey },
      body: JSON.stringify({ items }),
    });
  }

  /**
   * Streams a catalogue in.
   * @throws GatewayRefusal when the file as a whole is refused
   */
  async importCatalogue(
    content: Readable | string,
    type: 'text/csv' | 'application/x-ndjson',
  ): Promise<ImportResult> {
    const response = await fetch(new URL('/api/inventory/import', this.url), {
      method: 'POST',
      headers: { 'X-API-Key': this.apiKey, 'Content-Type': type },
      body: typeof content === 'string' ? content : Readable.toWeb(content),
      duplex: 'half',
      signal: AbortSignal.timeout(IMPORT_TIMEOUT_MS),
    });
    const { status, body } = await answerOf<ImportResult>(response);
    if (status !== 200) throw new GatewayRefusal(status, 'The import was refused', body);
    return body;
  }
}

async function answerOf<Body>(response: Response): Promise<GatewayAnswer<Body & Problem>> {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = { detail: text.slice(0, 200) };
  }
  return { status: response.status, headers: response.headers, body: body as Body & Problem };
}
