import type { Actor } from '@flotilla/contracts/actor';
import { AppError } from '@flotilla/contracts/errors';
import type { Msg } from '@nats-io/transport-node';

/**
 * A request on its way, as the JSON body of a message. What goes with the request is beside it and not in headers: the
 * client takes those apart line by line and letter by letter (docs/adr/0011-one-body-per-request.md).
 */
export interface RequestMessage {
  /** Milliseconds the caller still waits, when it sent this: an integer, so that no clocks are compared. */
  timeoutMs: number;
  /** The request of the outside world that this is part of. */
  requestId: string;
  /** Who asks; absent when anonymous. */
  actor?: Actor;
  /** The IP address that it came to the fleet from. */
  address?: string;
  /** https://www.w3.org/TR/trace-context/ */
  traceparent?: string;
  tracestate?: string;
  request: unknown;
}

/** The message in the body. @throws AppError `malformed-json` when there is none in it */
export function readRequest(message: Msg): RequestMessage {
  let body: Partial<RequestMessage> | null;
  try {
    body = message.json<Partial<RequestMessage> | null>();
  } catch (error) {
    throw malformed(error);
  }
  if (typeof body?.timeoutMs !== 'number' || typeof body.requestId !== 'string') throw malformed();
  if (body.actor !== undefined && !isActor(body.actor)) throw malformed();
  return body as RequestMessage;
}

function isActor(actor: Partial<Actor> | null): boolean {
  return typeof actor?.userId === 'string' && Array.isArray(actor.permissions);
}

function malformed(cause?: unknown): AppError {
  return new AppError('malformed-json', 'The message is not a request.', { cause });
}
