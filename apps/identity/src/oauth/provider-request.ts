import type { IncomingMessage } from 'node:http';
import type { Context, Next } from 'koa';
import { STRUCTURED } from './access-tokens.js';

/** More than any request of OAuth needs, in bytes. */
const BODY_LIMIT = 56 * 1024;
/** What userinfo is asked for comes back in a header when it is refused, and clients take no more than this of headers. */
const USERINFO_LIMIT = 8 * 1024;
/** What comes back in an address has to fit into the head of a request. */
const ADDRESS_LIMIT = 8 * 1024;
/**
 * Where browsers may send a form instead of a query (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2). A form of another site
 * comes without our cookies; the redirect to the same as a query comes with them, and they need no weaker `SameSite`.
 */
const ALSO_BY_FORM = ['/oauth/authorize', '/oauth/logout'];

class Malformed extends Error {}

/**
 * Looks at a request before oidc-provider does: refuses text that is none (NUL, lone surrogates, broken UTF-8), asks for
 * the consent that offline access needs, and lets our JWTs through where the library takes opaque tokens only.
 */
export async function prepareRequest(ctx: Context, next: Next): Promise<void> {
  try {
    ctx.url = preparedTarget(ctx.url, ctx.path);
    if (ctx.method === 'POST') {
      const body = await readBody(ctx.req, limitOf(ctx.path));
      if (ALSO_BY_FORM.includes(ctx.path)) return askByQuery(ctx, body);
      replay(ctx.req, ctx.is('json') ? checkedJson(body) : preparedForm(body, ctx.path));
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    ctx.status = 400;
    ctx.body = { error: 'invalid_request', error_description: error.message };
    return;
  }
  await next();
}

function askByQuery(ctx: Context, body: Buffer): void {
  if (!ctx.is('urlencoded')) throw new Malformed('the body is no form');
  const target = `${ctx.path}?${new URLSearchParams(preparedForm(body, ctx.path).toString('latin1'))}`;
  if (target.length > ADDRESS_LIMIT) throw new Malformed('the request is too large');
  ctx.status = 303;
  ctx.set('cache-control', 'no-store');
  ctx.redirect(target);
}

function preparedTarget(target: string, path: string): string {
  const query = target.indexOf('?');
  decoded(target);
  if (target.length > limitOf(path)) throw new Malformed('the request is too large');
  if (query === -1 || path !== '/oauth/authorize') return target;
  const params = new URLSearchParams(target.slice(query + 1));
  return askForConsent(params) ? `${target.slice(0, query)}?${params}` : target;
}

function preparedForm(body: Buffer, path: string): Buffer {
  const text = body.toString('latin1');
  decoded(text.replaceAll('+', ' '));
  const params = new URLSearchParams(text);
  const token = params.get('token');
  if (path === '/oauth/par' && askForConsent(params)) return Buffer.from(params.toString());
  if (!['/oauth/introspect', '/oauth/revoke'].includes(path) || !token) return body;
  if (params.getAll('token').length > 1 || !isJwt(token)) return body;
  params.set('token', STRUCTURED + token);
  return Buffer.from(params.toString());
}

/** OpenID Connect Core §11: offline access needs a prompt for consent, which clients do not have to know. */
function askForConsent(params: URLSearchParams): boolean {
  const wanted = params.get('scope')?.split(' ').includes('offline_access');
  if (!wanted || params.has('prompt')) return false;
  params.set('prompt', 'consent');
  return true;
}

/** Opaque tokens have no dots. */
function isJwt(token: string): boolean {
  return token.includes('.');
}

/** Percent-encoded text as what it means. */
function decoded(text: string): void {
  try {
    if (!decodeURIComponent(text).includes('\0')) return;
  } catch {
    // Not UTF-8: lone surrogates cannot be written in it either.
  }
  throw new Malformed('the request holds characters that are none');
}

function checkedJson(body: Buffer): Buffer {
  let fault = false;
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body), (name, value: unknown) => {
      for (const text of [name, value])
        fault ||= typeof text === 'string' && (text.includes('\0') || !text.isWellFormed());
      return value;
    });
  } catch {
    throw new Malformed('the body is not JSON');
  }
  if (fault) throw new Malformed('the request holds characters that are none');
  return body;
}

function limitOf(path: string): number {
  return path === '/oauth/userinfo' ? USERINFO_LIMIT : BODY_LIMIT;
}

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw new Malformed('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Hands on a body that has been read as if it had not: the library reads it by `iterator()` once it is `readable`. */
function replay(request: IncomingMessage, body: Buffer): void {
  if (request.headers['content-length'] !== undefined)
    request.headers['content-length'] = String(body.length);
  Object.defineProperty(request, 'readable', { value: true });
  Object.defineProperty(request, 'iterator', {
    value: async function* () {
      yield await Promise.resolve(body);
    },
  });
}
