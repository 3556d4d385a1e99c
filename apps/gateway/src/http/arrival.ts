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
 * Returns what is wrong with the version it asks for.
 */
export function arrival(config: GatewayConfig): Arrive {
  const headers = versionHeaders(config);
  return (request, reply) => {
    const { edge, error } = readEdge(request);
    request.edge = edge;
    reply.header('x-request-id', edge.requestId).header('x-content-type-options', 'nosniff');
    if (edge.api) reply.headers(headers[edge.version]).header('cache-control', 'private, no-cache');
    return error;
  };
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

function readEdge(request: FastifyRequest): { edge: EdgeContext; error?: Error } {
  const { url, version: named } = parseTarget(request.originalUrl);
  const prefix = named === undefined ? '/api' : `/api/${named}`;
  const api = isApiPath(url);
  const edge = (version: Version) => new EdgeContext(request.id, api, version, prefix);
  try {
    return { edge: edge(versionOf(request)) };
  } catch (error) {
    return { edge: edge(DEFAULT_VERSION), error: error as Error };
  }
}
