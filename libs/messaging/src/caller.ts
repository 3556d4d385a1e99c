import type { Actor } from '@flotilla/contracts/actor';
import { AppError } from '@flotilla/contracts/errors';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { MessageContext } from './message-context.js';

/** Whether a handler also serves callers that are nobody. */
export interface CallerOptions {
  optional?: boolean;
}

/** The actor of a message. Throws `unauthenticated` when there is none, unless it is `optional`. */
export function callerOf(context: unknown, options: CallerOptions = {}): Actor | null {
  const actor = context instanceof MessageContext ? context.actor : null;
  if (actor === null && !options.optional) {
    throw new AppError('unauthenticated', 'This needs a signed-in caller.');
  }
  return actor;
}

/**
 * Gives a message handler its caller: `@Caller() actor: Actor`, or null for nobody with
 * `@Caller({ optional: true }) actor: Actor | null`. Throws `unauthenticated`.
 */
export const Caller = createParamDecorator(
  (options: CallerOptions | undefined, host: ExecutionContext) =>
    callerOf(host.switchToRpc().getContext<unknown>(), options),
);
