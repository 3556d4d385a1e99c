import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BrowserSession, BrowserSessions } from '../oauth/browser-sessions.js';
import { exchangeOf, goOn } from './page-reply.js';

/** Who asks; undefined for a browser that has been sent to sign in first, and comes back to `returnTo`. */
export async function signedInOr(
  sessions: BrowserSessions,
  request: FastifyRequest,
  reply: FastifyReply,
  returnTo: string,
): Promise<BrowserSession | undefined> {
  const session = await sessions.current(exchangeOf(request, reply));
  if (!session) goOn(reply, `/account/sign-in?return_to=${encodeURIComponent(returnTo)}`);
  return session;
}
