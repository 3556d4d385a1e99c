import { hash } from 'node:crypto';
import { addressOf as addressOfRaw } from '../oauth/arrival.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Exchange } from '../oauth/interactions.js';
import { type Page, renderPage } from './layout.js';
import { STYLESHEET } from './stylesheet.js';

/** What a page may do: show itself, run its `script`, and send its forms here, or on to `formTargets` (sources of CSP). */
export function pageHeaders(
  formTargets: readonly string[] = [],
  script?: string,
): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': [
      "default-src 'none'",
      `style-src ${sourceOf(STYLESHEET)}`,
      ...(script === undefined ? [] : [`script-src ${sourceOf(script)}`]),
      'img-src data:',
      `form-action ${["'self'", ...formTargets].join(' ')}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}

export function sendPage(
  reply: FastifyReply,
  status: number,
  page: Page,
  formTargets?: readonly string[],
): void {
  void reply.code(status).headers(pageHeaders(formTargets, page.script)).send(renderPage(page));
}

/** What a content security policy calls a text that stands in the page. */
function sourceOf(text: string): string {
  return `'sha256-${hash('sha256', text, 'base64')}'`;
}

/** After a form: the next page is fetched by GET, so that going back and reloading sends nothing twice. */
export function goOn(reply: FastifyReply, address: string): void {
  void reply.header('cache-control', 'no-store').redirect(address, 303);
}

export function exchangeOf(request: FastifyRequest, reply: FastifyReply): Exchange {
  return { request: request.raw, response: reply.raw };
}

/** The address of the browser. */
export function addressOf(request: FastifyRequest): string {
  return addressOfRaw(request.raw);
}
