import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { encodedTag } from './etag.js';

/** Less is not worth the while, in bytes. */
const MIN_LENGTH = 1_024;
const COMPRESSIBLE = /^(text\/|application\/(json|problem\+json)|image\/svg)/;

const asBrotli = promisify(brotliCompress);
const asGzip = promisify(gzip);
/** About as quick as gzip, and smaller. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

type Encoding = 'br' | 'gzip';

const ENCODE: Record<Encoding, (bytes: string | Buffer) => Promise<Buffer>> = {
  br: (bytes) => asBrotli(bytes, BROTLI),
  gzip: (bytes) => asGzip(bytes),
};
/** What is sent again and again, such as files, is compressed once. */
const ENCODED: Record<Encoding, WeakMap<Buffer, Promise<Buffer>>> = {
  br: new WeakMap(),
  gzip: new WeakMap(),
};

/** An answer's body in an encoding that the client takes (RFC 9110 §12.5.3), where that pays. */
export async function compressed(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  const type = String(reply.getHeader('content-type') ?? '');
  const bytes = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : undefined;
  if (bytes === undefined || bytes.length < MIN_LENGTH || !COMPRESSIBLE.test(type)) return payload;
  if (reply.hasHeader('content-encoding')) return payload;
  reply.header('vary', [reply.getHeader('vary'), 'Accept-Encoding'].filter(Boolean).join(', '));
  const encoding = encodingFor(request.headers['accept-encoding']?.toString());
  if (encoding === undefined || request.method === 'HEAD') return payload;
  const etag = reply.getHeader('etag');
  if (typeof etag === 'string') reply.header('etag', encodedTag(etag, encoding));
  // RFC 9110 §15.4.5: so far it says what the full answer would.
  if (reply.statusCode === 304) return payload;
  reply.header('content-encoding', encoding).removeHeader('content-length');
  return encoded(bytes, encoding);
}

function encoded(bytes: string | Buffer, encoding: Encoding): Promise<Buffer> {
  if (typeof bytes === 'string') return ENCODE[encoding](bytes);
  const known = ENCODED[encoding].get(bytes);
  if (known) return known;
  const made = ENCODE[encoding](bytes);
  ENCODED[encoding].set(bytes, made);
  return made;
}

/** The better of those that the client accepts; undefined for none. */
export function encodingFor(accept = ''): Encoding | undefined {
  const accepted = new Map(
    accept.split(',').map((entry) => {
      const [name, ...parameters] = entry
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const weight = parameters.find((one) => one.startsWith('q='))?.slice(2) ?? '1';
      return [name!, Number(weight) > 0] as const;
    }),
  );
  const takes = (name: string) => accepted.get(name) ?? accepted.get('*') ?? false;
  if (takes('br')) return 'br';
  return takes('gzip') ? 'gzip' : undefined;
}
