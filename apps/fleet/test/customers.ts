import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '@flotilla/contracts/errors';
import type { OrderView } from '@flotilla/contracts/orders';
import type { HttpAnswer, HttpClient } from '@flotilla/testing/http-client';
import { placeOrder } from './actions.js';

/** An order that somebody means to place once. */
export interface Wish {
  key: string;
  items: { sku: string; quantity: number }[];
  holdMinutes?: number;
}

/** The order, or the code of a refusal. */
export type Outcome = OrderView & { code?: ErrorCode };

/** How long somebody waits before asking again: at most this long at first, twice as long every further time, up to the last. */
const FIRST_WAIT_MS = 200;
const LAST_WAIT_MS = 5_000;

/**
 * Asks again under the same key until it is placed or refused for good; under a new one when nobody finished it in time.
 * @throws Error with what came last when `patienceMs` have passed
 */
export async function untilDecided(
  client: HttpClient,
  wish: Wish,
  patienceMs = 120_000,
): Promise<HttpAnswer<Outcome>> {
  const answer = await untilAnswered(client, wish, patienceMs);
  if (answer.body.code !== 'order-voided') return answer;
  return untilDecided(client, { ...wish, key: `${wish.key}+` }, patienceMs);
}

/** Ever less often, and at no fixed time: a thousand who all ask again at once are never served. */
async function untilAnswered(
  client: HttpClient,
  { key, items, ...more }: Wish,
  patienceMs: number,
): Promise<HttpAnswer<Outcome>> {
  const deadline = performance.now() + patienceMs;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LAST_WAIT_MS)) {
    const attempt = placeOrder<Outcome>(client, key, items, more);
    // A gateway that has just been killed answers nothing at all.
    const answer = await attempt.catch((error: unknown) => String(error));
    if (typeof answer === 'object' && isFinal(answer)) return answer;
    if (performance.now() > deadline) {
      const last = typeof answer === 'string' ? answer : `${answer.status} ${answer.body.code}`;
      throw new Error(`${key}: not decided within ${patienceMs} ms: ${last}`);
    }
    await sleep(Math.random() * wait);
  }
}

function isFinal({ status, body }: HttpAnswer<Outcome>): boolean {
  return ![408, 503, 504].includes(status) && body.code !== 'idempotency-key-in-flight';
}
