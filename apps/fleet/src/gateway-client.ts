import { Readable } from 'node:stream';
import type { ImportResult } from '@flotilla/contracts/catalogue-import';
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
    readonly apiKey: string,
  ) {}

  /** @throws Error when nobody answers in time */
  async request<Body>(
    path: string,
    init: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<GatewayAnswer<Body & Problem>> {
    return this.fetch(path, REQUEST_TIMEOUT_MS, init);
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
    const path = '/api/inventory/import';
    const { status, body } = await this.fetch<ImportResult>(path, IMPORT_TIMEOUT_MS, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: typeof content === 'string' ? content : Readable.toWeb(content),
      duplex: 'half',
    });
    if (status !== 200) throw new GatewayRefusal(status, 'The import was refused', body);
    return body;
  }

  private async fetch<Body>(
    path: string,
    timeoutMs: number,
    init: RequestInit & { headers?: Record<string, string> },
  ): Promise<GatewayAnswer<Body & Problem>> {
    try {
      const headers = { 'X-API-Key': this.apiKey, ...init.headers };
      const signal = AbortSignal.timeout(timeoutMs);
      return await answerOf<Body>(
        await fetch(new URL(path, this.url), { ...init, headers, signal }),
      );
    } catch (error) {
      throw new Error(`${this.url} does not answer: ${reasonOf(error)}`, { cause: error });
    }
  }
}

/** `fetch` says only that it failed; why is in its cause. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  const { code, message } = cause as { code?: unknown; message?: string };
  return typeof code === 'string' ? code : String(message);
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
