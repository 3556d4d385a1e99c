import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { PassThrough, pipeline } from 'node:stream';
import type { ImportResult } from '@flotilla/contracts/catalogue-import';
import type { GatewayClient } from './gateway-client.js';
import { sizeOfInput } from './input-file.js';
import { UsageError } from './output.js';
import { progressBar } from './progress-bar.js';

const TYPES = {
  '.csv': 'text/csv',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
} as const;

/**
 * Streams a catalogue file to a gateway.
 * @throws UsageError for a file that is not there or of another kind, GatewayRefusal
 */
export async function importFile(gateway: GatewayClient, file: string): Promise<ImportResult> {
  const size = sizeOfInput(file);
  const extension = extname(file).toLowerCase();
  if (!isKnown(extension)) {
    throw new UsageError(`${file}: a catalogue ends in ${Object.keys(TYPES).join(', ')}`);
  }
  const bar = progressBar(size, 'bytes');
  const content = new PassThrough();
  content.on('data', (chunk: Buffer) => bar.advance(chunk.length));
  content.pause();
  // An error in between destroys `content`, and the request with it.
  pipeline(createReadStream(file), content, () => undefined);
  try {
    return await gateway.importCatalogue(content, TYPES[extension]);
  } finally {
    bar.stop();
  }
}

function isKnown(extension: string): extension is keyof typeof TYPES {
  return Object.hasOwn(TYPES, extension);
}
