import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Takes spans by OTLP over HTTP. */
export interface SpanCollector {
  readonly url: string;
  /** All that came, as it came. */
  received(): string;
  close(): Promise<void>;
}

export async function spanCollector(): Promise<SpanCollector> {
  let received = '';
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received += body;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
