import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import replyFrom, { type FastifyReplyFromHooks } from '@fastify/reply-from';
import { AppError } from '@flotilla/contracts/errors';
import { Logger } from '@flotilla/runtime/logger';
import { OutageLog } from '@flotilla/runtime/outage-log';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { nothingHere } from '../http/http-errors.js';
import { problemDocs } from '../http/problem.filter.js';
import { problemResponse } from '../http/problem.js';

/** What identity answers itself: OAuth, its discovery, and the pages of one's account. */
const PATHS = [
  '/oauth/*',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/account',
  '/account/*',
];
/** No request of OAuth is larger, in bytes. */
const BODY_LIMIT = 64 * 1024;
/** For the whole exchange: a sign-in may have to wait for its turn to compare passwords. */
const TIMEOUT_MS = 10_000;
/** What a caller says of its own way to us is for us to say. */
const OWN_HEADERS = /^(x-forwarded-.*|forwarded|x-real-ip|via)$/;

const HOP_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date']);
const BYTES = 'application/octet-stream';

type Body = Buffer | undefined;

/** Hands requests on to identity's private port, to its replicas in turn. */
export function forwardToIdentity(app: NestFastifyApplication, config: GatewayConfig): void {
  const forwarding = new IdentityForwarding(config, new OutageLog(app.get(Logger)));
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  void fastify.register(async (scope) => {
    await scope.register(replyFrom, { disableRequestLogging: true, undici: {} });
    // As they come: what a body means is for identity to say.
    scope.removeAllContentTypeParsers();
    const asBytes = { parseAs: 'buffer', bodyLimit: BODY_LIMIT } as const;
    scope.addContentTypeParser('*', asBytes, (_request, body, done) => done(null, body));
    for (const path of PATHS) {
      scope.all(path, (request, reply) => forwarding.forward(request, reply));
    }
  });
}

class IdentityForwarding {
  #turn = 0;

  constructor(
    private readonly config: GatewayConfig,
    private readonly outages: OutageLog,
  ) {}

  /** @throws AppError `not-found` for a path that is written as none of identity's is, and might be read as another by somebody */
  forward(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const path = request.url.split('?', 1)[0]!;
    const isPlain = URL.parse(path, 'http://identity')?.pathname === path && !path.includes('%');
    if (!isPlain) throw nothingHere();
    const { identityUrls: urls } = this.config;
    this.#turn += 1;
    const inTurn = urls.map((_, index) => urls[(this.#turn + index) % urls.length]!);
    return this.tryEach(inTurn, request, reply);
  }

  /** A replica that takes no connection has got nothing of the request: the next one may have it. */
  private tryEach(
    [url, ...others]: string[],
    request: FastifyRequest,
    reply: FastifyReply,
  ): FastifyReply {
    if (url === undefined) return this.refuse(request, reply, away(), 'temporarily_unavailable');
    const body = request.body as Body;
    return reply.from(undefined, {
      getUpstream: () => url,
      timeout: TIMEOUT_MS,
      ...(body && { body, contentType: request.headers['content-type'] ?? BYTES }),
      rewriteHeaders: withoutHops,
      rewriteRequestHeaders: (_, headers) => this.requestHeaders(request, headers),
      onError: (_, { error }) => {
        const refused = isRefusedConnection(error) && others.length > 0;
        if (refused) this.tryEach(others, request, reply);
        else this.refuse(request, reply, away(error), 'temporarily_unavailable');
      },
      onResponse: (_request, _reply, answer) => {
        const { stream } = answer as unknown as { stream: Readable };
        if (reply.statusCode !== 404) return void reply.send(stream);
        // It knows no such address, and so there is none here.
        stream.resume();
        reply.removeHeader('content-length');
        this.refuse(request, reply, nothingHere(), 'invalid_request');
      },
    });
  }

  private requestHeaders(request: FastifyRequest, headers: Headers): Headers {
    const passed = Object.entries(headers).filter(([name]) => !OWN_HEADERS.test(name));
    return {
      ...Object.fromEntries(passed),
      'x-forwarded-for': request.ip,
      'x-request-id': request.id,
    };
  }

  /** A problem like any other, with the words that clients of OAuth look for (RFC 6749 §5.2). */
  private refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    error: AppError,
    word: 'temporarily_unavailable' | 'invalid_request',
  ): FastifyReply {
    if (word === 'temporarily_unavailable')
      this.outages.note(error, `${request.method} ${request.routeOptions.url ?? 'unknown'}`);
    const { status, headers, body } = problemResponse(error, request.id, problemDocs(this.config));
    const oauth = { error: word, error_description: error.message };
    return reply
      .code(status)
      .headers(headers)
      .send(JSON.stringify({ ...body, ...oauth }));
  }
}

type Headers = Parameters<NonNullable<FastifyReplyFromHooks['rewriteRequestHeaders']>>[1];

/** An answer's headers but for those of the connection that it came by (RFC 9110 §7.6.1). */
function withoutHops(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name)));
}

function away(cause?: unknown): AppError<'unavailable'> {
  return new AppError('unavailable', 'Sign-in is temporarily unavailable.', {
    details: { retryAfterSeconds: 1 },
    cause,
  });
}

function isRefusedConnection(error: Error): boolean {
  return (error.cause as { code?: unknown } | undefined)?.code === 'ECONNREFUSED';
}
