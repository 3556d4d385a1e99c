import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestContext } from '@flotilla/runtime/request-context';

/** The address of a browser or client, as the gateway saw it; nobody else reaches this port. */
export function addressOf({ headers, socket }: IncomingMessage): string {
  const forwarded = headers['x-forwarded-for'];
  const [first] = typeof forwarded === 'string' ? forwarded.split(',') : [];
  return first?.trim() || (socket.remoteAddress ?? '');
}

/** What is known of a request from the moment that it is here. */
export function contextOf(request: IncomingMessage): RequestContext {
  const requestId = request.headers['x-request-id'];
  return {
    requestId: typeof requestId === 'string' ? requestId : randomUUID(),
    address: addressOf(request),
  };
}
