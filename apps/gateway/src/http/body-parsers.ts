import type { Readable } from 'node:stream';
import { AppError } from '@flotilla/contracts/errors';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { parseJsonBody } from './json-body.js';
import { mediaTypeOf } from './media-type.js';

/** Of a JSON body, in bytes. */
export const BODY_LIMIT = 256 * 1024;

const STREAMED = ['text/csv', 'application/x-ndjson'];

/**
 * Reads JSON, and nothing else unless a route says so (`@RouteConfig({ streams })`); such a route gets the stream itself
 * and limits it itself.
 */
export function registerBodyParsers(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeContentTypeParser('text/plain');
  app.useBodyParser('application/json', { bodyLimit: BODY_LIMIT }, (request, body, done) => {
    expectMediaType(request, undefined);
    // Clients that always send a content type send it without a body, too.
    const clientData = request.routeOptions.url === '/graphql' ? '/variables' : undefined;
    done(null, body.length === 0 ? undefined : parseJsonBody(body, clientData));
  });
  // Nest reads forms unless somebody else does.
  app.useBodyParser('application/x-www-form-urlencoded', {}, () => {
    throw unsupported();
  });
  for (const mediaType of STREAMED) {
    fastify.addContentTypeParser(mediaType, (request, payload, done) => {
      expectMediaType(request, mediaType);
      done(null, payload);
    });
  }
}

/** Refuses a body the route does not read, or that is not UTF-8; `mediaType` is undefined for JSON. */
function expectMediaType(
  request: Pick<FastifyRequest, 'headers' | 'routeOptions'>,
  mediaType: string | undefined,
): void {
  const { streams } = request.routeOptions.config;
  const expected = mediaType === undefined ? streams === undefined : streams?.includes(mediaType);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  const readable = mediaTypeOf(request.headers['content-type'])?.utf8 && encoding === 'identity';
  if (!expected || !readable) throw unsupported();
}

function unsupported(): AppError<'unsupported-media-type'> {
  return new AppError('unsupported-media-type', 'This route does not take that content type.');
}

/**
 * The bytes of a streamed body, which stays open when nobody wants to read on: an answer goes out by the same socket.
 * @throws AppError `payload-too-large` as soon as there are more than `limit` of them
 */
export async function* limited(body: Readable, limit: number): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw new AppError('payload-too-large', 'The body is too large.');
    yield chunk;
  }
}
