import type { IncomingMessage } from 'node:http';
import { AppError } from '@flotilla/contracts/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { EdgeContext } from './edge-context.js';
import {
  DEFAULT_VERSION,
  isApiPath,
  parseTarget,
  resolveVersion,
  type Version,
} from './version.js';
import { versionHeaders } from './version-headers.js';

type Arrive = (request: FastifyRequest, reply: FastifyReply) => Error | undefined;

/**
 * What happens to every request first: it gets its context, and its answer the headers that no answer is without.
 * Returns what is wrong with it as a request of HTTP, or with the version it asks for.
 */
export function arrival(config: GatewayConfig): Arrive {
  const headersOf = edgeHeaders(config);
  return (request, reply) => {
    const { edge, error } = readEdge(request, request.id);
    edge.address = request.ip;
    request.edge = edge;
    reply.headers(headersOf(edge));
    return faultOf(request.raw) ?? error;
  };
}

/** The headers that no answer is without, whoever gives it. */
export function edgeHeaders(config: GatewayConfig): (edge: EdgeContext) => Record<string, string> {
  const ofVersion = versionHeaders(config);
  const security = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...(config.publicUrl.startsWith('https:') && {
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
    }),
  };
  const api = {
    'cache-control': 'private, no-cache',
    // Nothing below /api is a page; where a browser shows it as one all the same, it may do nothing.
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  };
  return (edge) => ({
    'x-request-id': edge.requestId,
    ...security,
    ...(edge.api && { ...ofVersion[edge.version], ...api }),
  });
}

/** What Node's request and Fastify's have in common. */
export interface VersionedRequest {
  url?: string;
  originalUrl?: string;
  headers: Record<string, string | string[] | undefined>;
}

/** The version to answer a request in, which matters below `/api` only. Throws `unsupported-api-version`. */
export function versionOf({ originalUrl, url, headers }: VersionedRequest): Version {
  const target = parseTarget(originalUrl ?? url ?? '/');
  if (!isApiPath(target.url)) return DEFAULT_VERSION;
  return resolveVersion(headers['api-version']?.toString(), target.version);
}

/** The context of a request, and what is wrong with the version it asks for. */
export function readEdge(
  request: VersionedRequest,
  requestId: string,
): { edge: EdgeContext; error?: Error } {
  const { url, version: named } = parseTarget(request.originalUrl ?? request.url ?? '/');
  const prefix = named === undefined ? '/api' : `/api/${named}`;
  const api = isApiPath(url);
  const edge = (version: Version) => new EdgeContext(requestId, api, version, prefix);
  try {
    return { edge: edge(versionOf(request)) };
  } catch (error) {
    return { edge: edge(DEFAULT_VERSION), error: error as Error };
  }
}

/** Whether a header field comes twice; Node keeps the first. */
function hasTwo(name: string, rawHeaders: readonly string[]): boolean {
  let seen = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const field = rawHeaders[at]!;
    if (field.length === name.length && field.toLowerCase() === name) seen += 1;
  }
  return seen > 1;
}

/** What Node would refuse with an empty answer, if it were left to it. */
function faultOf({ httpVersion, headers, rawHeaders }: IncomingMessage): AppError | undefined {
  if (httpVersion !== '1.1') return undefined;
  // RFC 9112 §3.2: a server MUST respond with 400 to a request that lacks a Host header field, or has more than one.
  if (headers.host === undefined || hasTwo('host', rawHeaders)) {
    return new AppError('validation-failed', 'There has to be one Host header field.', {
      details: { errors: [] },
    });
  }
  // RFC 9110 §10.1.1 knows no other expectation.
  if (headers.expect === undefined || /\b100-continue\b/i.test(headers.expect)) return undefined;
  return new AppError('expectation-failed', 'Expect takes 100-continue only.');
}
