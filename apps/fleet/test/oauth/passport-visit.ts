import type { Strategy } from 'passport';

/** A request, as much of it as strategies of passport look at. */
interface PassportRequest {
  query: Record<string, string>;
  session: object;
}

/** What a strategy makes of a request; an error is thrown. */
type PassportOutcome =
  | { kind: 'success'; user: unknown }
  | { kind: 'redirect'; url: URL }
  | { kind: 'fail'; challenge: unknown };

/** Shows a strategy a request as passport's own middleware does, which adds these four functions to it. */
export function visit(strategy: Strategy, request: PassportRequest): Promise<PassportOutcome> {
  return new Promise((resolve, reject) => {
    const attempt = Object.assign(Object.create(strategy) as Strategy, {
      success: (user: unknown) => resolve({ kind: 'success', user }),
      redirect: (url: string) => resolve({ kind: 'redirect', url: new URL(url) }),
      fail: (challenge: unknown) => resolve({ kind: 'fail', challenge }),
      error: reject,
    });
    (attempt as { authenticate(request: object): void }).authenticate(request);
  });
}

/** The address that a strategy sends a browser to. */
export async function addressFrom(strategy: Strategy, request: PassportRequest): Promise<URL> {
  const outcome = await visit(strategy, request);
  if (outcome.kind !== 'redirect') throw new Error(JSON.stringify(outcome));
  return outcome.url;
}
