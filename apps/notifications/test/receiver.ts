import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FeedEvent } from '@flotilla/contracts/event-feed';

/** A message as it arrived. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  event: FeedEvent;
}

/** Somebody's server, which takes webhooks at any path. */
export interface Receiver {
  readonly received: Received[];
  url(path: string): string;
  at(path: string): Received[];
  /** What the path answers from now on: a status, or nothing at all. */
  answer(path: string, status: number | 'nothing'): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answers = new Map<string, number | 'nothing'>();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const path = request.url!;
      received.push({
        path,
        headers: request.headers,
        body,
        event: JSON.parse(body) as FeedEvent,
      });
      const status = answers.get(path) ?? 204;
      if (status !== 'nothing') response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    received,
    url: (path) => `http://127.0.0.1:${port}${path}`,
    at: (path) => received.filter((one) => one.path === path),
    answer: (path, status) => void answers.set(path, status),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
