import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderView } from '@flotilla/contracts/orders';
import type { GatewayAnswer, GatewayClient, Problem } from '../gateway-client.js';
import type { RecordedOrder } from './trade-history.js';

/** What became of a recorded order. */
export type PlacedRecord =
  { outcome: 'placed' | 'replayed'; order: OrderView } | { outcome: 'failed'; reason: string };

type OrderAnswer = GatewayAnswer<OrderView & Problem>;

const PATIENCE_MS = 60_000;
const PAUSE_MS = { first: 100, most: 3_000 };

/** Places one recorded order, trying again for a minute while the fleet is away or busy; the key makes that safe. */
export async function placeRecorded(
  gateway: GatewayClient,
  history: string,
  recorded: RecordedOrder,
): Promise<PlacedRecord> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS.most)) {
    const answer = await attempt(gateway, `${history}-${recorded.invoice}`, recorded);
    if (!mayTryAgain(answer) || performance.now() > deadline) return judge(answer, recorded);
    await sleep(Math.max(pauseMs, retryAfterMs(answer)));
  }
}

async function attempt(
  gateway: GatewayClient,
  key: string,
  { items }: RecordedOrder,
): Promise<OrderAnswer | Error> {
  try {
    return await gateway.placeOrder(key, items);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function mayTryAgain(answer: OrderAnswer | Error): boolean {
  if (answer instanceof Error) return true;
  const { status, body } = answer;
  return status === 429 || status >= 500 || body.code === 'idempotency-key-in-flight';
}

function retryAfterMs(answer: OrderAnswer | Error): number {
  if (answer instanceof Error) return 0;
  return Number(answer.headers.get('retry-after') ?? 0) * 1000 || 0;
}

/** A 201 counts only with the recorded total. */
export function judge(answer: OrderAnswer | Error, recorded: RecordedOrder): PlacedRecord {
  const failed = (reason: string): PlacedRecord => ({
    outcome: 'failed',
    reason: `invoice ${recorded.invoice}: ${reason}`,
  });
  if (answer instanceof Error) return failed(answer.message);
  const { status, headers, body } = answer;
  if (status !== 201) return failed(`${status} ${body.code ?? ''} ${body.detail ?? ''}`.trimEnd());
  if (body.total.amount !== recorded.total) {
    return failed(`the total is ${body.total.amount}, recorded was ${recorded.total}`);
  }
  const isReplay = headers.get('idempotency-replayed') === 'true';
  return { outcome: isReplay ? 'replayed' : 'placed', order: body };
}
