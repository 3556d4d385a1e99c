import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import { extract, inSpan, startTracing } from './tracing.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

it('sends spans in the trace of the caller to the collector, and nothing that a client sent', async () => {
  const received: string[] = [];
  const collector = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (chunk: string) => received.push(chunk));
    request.on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  const flush = await startTracing({ service: 'orders', endpoint: `http://127.0.0.1:${port}/` });

  const failing = extract(
    (name) => (name === 'traceparent' ? `00-${TRACE}-00f067aa0ba902b7-01` : undefined),
    () =>
      inSpan('place order', { lines: 3 }, () => Promise.reject(new TypeError('ada@example.com'))),
  );
  await expect(failing).rejects.toThrow('ada@example.com');
  await extract(
    () => undefined,
    () => inSpan('the first of its trace', {}, () => Promise.resolve()),
  );
  await flush();

  const body = received.join('');
  for (const part of ['place order', 'the first of its trace', 'orders', TRACE, 'TypeError'])
    expect(body).toContain(part);
  expect(body).not.toContain('ada@example.com');

  await new Promise((resolve) => {
    collector.close(resolve);
    collector.closeAllConnections();
  });
  await inSpan('unheard', {}, () => Promise.resolve());
  await flush(); // a collector that is gone must not keep a service from stopping
});
