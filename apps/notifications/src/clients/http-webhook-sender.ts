import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { DeliveryFailure } from '@flotilla/contracts/webhooks';
import type { Attempt } from '../domain/attempts.js';
import { WebhookSender } from '../use-cases/ports.js';
import { AddressRefused, isInsideByName, publicLookup, type Resolver } from './public-addresses.js';

/** From the look-up of the name to the end of the answer, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** Of an answer, only its status matters: no more of it is read than lets the connection be used again. */
const BODY_BYTES = 16 * 1024;
const HEADER_BYTES = 16 * 1024;
/** How many connections there are at once is for whoever sends to say: many endpoints may be at one address, and none is to wait for another. */
const AGENT = { keepAlive: true, maxFreeSockets: 1, timeout: 15_000 };

export interface SenderOptions {
  /** For development: inside as well. */
  allowPrivate: boolean;
  timeoutMs?: number;
  resolver?: Resolver;
}

/** Posts to public addresses, each checked at the moment of connecting. Follows no redirect, and no proxy of the environment. */
export class HttpWebhookSender extends WebhookSender {
  private readonly http = new HttpAgent(AGENT);
  private readonly https = new HttpsAgent(AGENT);

  constructor(private readonly options: SenderOptions) {
    super();
  }

  async post(url: string, headers: Record<string, string>, body: string): Promise<Attempt> {
    const started = performance.now();
    const answer = await this.exchange(new URL(url), headers, body).then(
      (status) => ({ status, failure: null }),
      (error: unknown) => ({ status: null, failure: failureOf(error) }),
    );
    return { ...answer, durationMs: Math.round(performance.now() - started) };
  }

  private exchange(url: URL, headers: Record<string, string>, body: string): Promise<number> {
    const { allowPrivate, timeoutMs = TIMEOUT_MS, resolver } = this.options;
    // A socket looks up names only: an address in the URL goes past `lookup`.
    if (!allowPrivate && isInsideByName(url)) return Promise.reject(new AddressRefused());
    const isHttps = url.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const request = (isHttps ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        agent: isHttps ? this.https : this.http,
        maxHeaderSize: HEADER_BYTES,
        signal: AbortSignal.timeout(timeoutMs),
        ...(!allowPrivate && { lookup: publicLookup(resolver) }),
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Flotilla-Webhooks/1',
        },
      });
      let status: number | undefined;
      let failure: Error | undefined;
      request.on('error', (error) => (failure = error));
      request.on('response', (response) => {
        status = response.statusCode;
        let read = 0;
        response.on('data', (chunk: Buffer) => {
          read += chunk.length;
          if (read > BODY_BYTES) response.destroy();
        });
        response.on('error', () => undefined); // it was cut short, by us or by them
      });
      // Not before: while an answer trickles in, its connection counts as one of its endpoint's.
      request.on('close', () => (status === undefined ? reject(failure!) : resolve(status)));
      request.end(body);
    });
  }

  /** Ends connections that are kept for later. */
  close(): void {
    this.http.destroy();
    this.https.destroy();
  }
}

function failureOf(error: unknown): DeliveryFailure {
  const { name, code } = error as NodeJS.ErrnoException;
  if (code === 'ADDRESS_REFUSED') return 'address-refused';
  return name === 'AbortError' || name === 'TimeoutError' ? 'time-out' : 'no-connection';
}
