import type { Readable } from 'node:stream';
import { AppError } from '@flotilla/contracts/errors';
import type { FastifyRequest } from 'fastify';
import { limited } from '../http/body-parsers.js';
import { mediaTypeOf } from '../http/media-type.js';
import { csvRows } from './csv-rows.js';
import { linesOf } from './lines.js';
import { ndjsonRows } from './ndjson-rows.js';
import type { RowResult } from './rows.js';

/** Of an import file, in bytes. */
const IMPORT_LIMIT = 32 * 1024 * 1024;

/**
 * The rows of an import request, read as they arrive.
 * @throws AppError `unsupported-media-type` without a body, `payload-too-large` beyond 32 MiB, at once if it says so
 */
export function importRows({ body, headers }: FastifyRequest): AsyncGenerator<RowResult[]> {
  if (Number(headers['content-length'] ?? 0) > IMPORT_LIMIT) {
    throw new AppError('payload-too-large', 'The body is too large.');
  }
  if (!body) throw new AppError('unsupported-media-type', 'This route takes CSV or NDJSON.');
  const lines = linesOf(limited(body as Readable, IMPORT_LIMIT));
  const mediaType = mediaTypeOf(headers['content-type'])?.name;
  return mediaType === 'text/csv' ? csvRows(lines) : ndjsonRows(lines);
}
