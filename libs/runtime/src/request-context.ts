import { AsyncLocalStorage } from 'node:async_hooks';
import type { Actor } from '@flotilla/contracts/actor';

/** What is known everywhere about the request or event being handled. */
export interface RequestContext {
  readonly requestId: string;
  readonly actor?: Actor;
  /** The IP address that the request came to the fleet from. */
  readonly address?: string;
  /** When the caller stops waiting, on the monotonic clock of this process (`performance.now()`, ms). */
  readonly deadline?: number;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `fn`, and everything it awaits, in `context`. */
export function runInContext<Result>(context: RequestContext, fn: () => Result): Result {
  return storage.run(context, fn);
}

/** The context of the running request; undefined outside one. */
export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

/** Milliseconds left until the deadline, negative when past it; Infinity without one. */
export function remainingMs(context: RequestContext | undefined): number {
  return context?.deadline === undefined ? Infinity : context.deadline - performance.now();
}
