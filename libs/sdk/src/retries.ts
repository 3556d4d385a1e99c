/** How requests are sent again that may be. Times in milliseconds. */
export interface RetryOptions {
  /** How often at most after the first time: 4 unless told otherwise. */
  retries?: number;
  /** The longest to wait for the next time, 60,000: an answer that asks for more patience is given to the caller. */
  maxWaitMs?: number;
  /** The longest that one attempt may take, its body included: 30,000. */
  timeoutMs?: number;
}

type Send = (request: Request, init?: { signal: AbortSignal }) => Promise<Response>;

/** Methods that may be repeated whatever became of the first attempt (RFC 9110 §9.2.2). */
const IDEMPOTENT = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];
const OUTAGES = [502, 503, 504];
const FIRST_WAIT_MS = 100;

/**
 * Sends a request until it is answered for good. After 429 everything is repeated, since nothing was done; after an outage, and
 * when no answer comes, what is idempotent or carries an `Idempotency-Key`. `Retry-After` is waited for; without it, waits double.
 * @throws what `send` throws, when the last attempt got no answer or the request was aborted
 */
export function retrying(
  send: Send,
  { retries = 4, maxWaitMs = 60_000, timeoutMs = 30_000 }: RetryOptions = {},
): Send {
  const attempt = (request: Request) =>
    send(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]) });
  return async (request) => {
    for (let left = retries; left > 0; left -= 1) {
      const backOffMs = FIRST_WAIT_MS * 2 ** (retries - left) * (0.5 + Math.random() / 2);
      try {
        const response = await attempt(request.clone());
        const waitMs = (retryAfterMs(response) ?? 0) + backOffMs;
        if (waitMs > maxWaitMs || !(await wantsRepeating(request, response))) return response;
        await response.body?.cancel();
        await pause(waitMs, request.signal);
      } catch (error) {
        if (request.signal.aborted || !mayRepeat(request)) throw error;
        await pause(backOffMs, request.signal);
      }
    }
    return attempt(request);
  };
}

function mayRepeat({ method, headers }: Request): boolean {
  return IDEMPOTENT.includes(method) || headers.has('idempotency-key');
}

async function wantsRepeating(request: Request, response: Response): Promise<boolean> {
  if (response.status === 429) return true;
  if (!mayRepeat(request)) return false;
  return OUTAGES.includes(response.status) || (await isInFlight(response));
}

/** Whether an earlier attempt under the same key is still at work, whose answer is to be had by asking again. */
async function isInFlight(response: Response): Promise<boolean> {
  if (response.status !== 409) return false;
  return /"idempotency-key-in-flight"/.test(await response.clone().text());
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function retryAfterMs({ headers }: Response): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
