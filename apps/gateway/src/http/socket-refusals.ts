import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError, ERRORS } from '@flotilla/contracts/errors';
import type { GatewayConfig } from '../config.js';
import { edgeHeaders, readEdge, type VersionedRequest } from './arrival.js';
import { problemDocs } from './problem.filter.js';
import { problemResponse } from './problem.js';
import { requestIdOf } from './request-id.js';

/** How long a client that was refused may keep its side of the connection open. */
const LINGER_MS = 5_000;

/** What Node's parser says of bytes that it cannot take. */
interface ClientError extends Error {
  code?: string;
  /** What arrived last: a Buffer, where there is one. */
  rawPacket?: unknown;
}

/** A connection, and the answer that Node is sending on it. */
interface AnsweringSocket extends Socket {
  _httpMessage?: ServerResponse | null;
}

/** Problems for what Node gives to no route, written on the connection itself, which then ends. */
export class SocketRefusals {
  constructor(private readonly config: GatewayConfig) {}

  /** Sees to the requests that Node would refuse by itself, without a problem, if nobody listened for them. */
  listen(server: Server): void {
    // Arrival refuses these.
    server.on('checkExpectation', (request, response) => server.emit('request', request, response));
    server.on('connect', (request, socket) => this.refuseTunnel(request, socket));
  }

  /** Answers what is not HTTP, or not in time, as far as there is still somebody to answer who has asked something. */
  refuseClientError(error: ClientError, socket: AnsweringSocket): void {
    const cannotHear = error.code === 'ECONNRESET' || !socket.writable;
    // In the middle of another answer it would be taken for a part of that.
    const { headersSent = false, writableEnded = false } = socket._httpMessage ?? {};
    const isAnswering = headersSent && !writableEnded;
    // Browsers open connections before they need them: they would take this for the answer to what they ask later.
    const hasAskedNothing = socket.bytesRead === 0;
    if (cannotHear || isAnswering || hasAskedNothing) socket.destroy();
    else this.refuse(socket, requestIn(error.rawPacket), clientError(error.code));
  }

  /** Node has let go of the connection and of its errors. */
  private refuseTunnel(request: IncomingMessage, socket: Duplex): void {
    socket.on('error', () => socket.destroy());
    socket.resume();
    const refusal = new AppError('method-not-allowed', 'This is not a proxy.', {
      details: { allow: [] },
    });
    this.refuse(socket, request, refusal);
  }

  private refuse(socket: Duplex, request: VersionedRequest, refusal: AppError): void {
    const { edge } = readEdge(request, requestIdOf(request.headers['x-request-id']));
    const docs = problemDocs(this.config);
    const { status, headers, body } = problemResponse(refusal, edge.requestId, docs);
    const text = JSON.stringify(body);
    const lines = Object.entries({
      ...edgeHeaders(this.config)(edge),
      ...headers,
      'content-length': Buffer.byteLength(text),
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${ERRORS[body.code].title}\r\n${lines.join('')}\r\n${text}`);
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  }
}

/** The request that bytes begin with. When it cannot be told it counts as one to the API, as most are. */
function requestIn(bytes: unknown): VersionedRequest {
  const text = Buffer.isBuffer(bytes) ? bytes.toString('latin1') : '';
  const target = /^[A-Z]+ (\S+) HTTP\//.exec(text)?.[1];
  return { url: target ?? '/api', headers: {} };
}

function clientError(code = ''): AppError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new AppError('headers-too-large', 'The header fields are too large.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new AppError('request-timeout', 'The request did not arrive in time.');
    default:
      return new AppError('validation-failed', 'The request is not valid HTTP.', {
        details: { errors: [] },
      });
  }
}
