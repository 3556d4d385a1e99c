import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@flotilla/testing/eventually';
import { HttpWebhookSender, type SenderOptions } from './http-webhook-sender.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function server(answer: Answer): Promise<{ port: number; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const listening: Server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    listening.closeAllConnections();
    listening.close();
  });
  return { port: (listening.address() as AddressInfo).port, requests };
}

function sender(options: Partial<SenderOptions> = {}): HttpWebhookSender {
  const made = new HttpWebhookSender({ allowPrivate: true, ...options });
  open.push(() => made.close());
  return made;
}

const post = (to: HttpWebhookSender, url: string) =>
  to.post(url, { 'webhook-id': 'evt_1' }, '{"ü":1}');

describe('a message', () => {
  it('is posted as JSON with its headers, whatever the answer', async () => {
    let body = '';
    const { port, requests } = await server((request, response) => {
      void text(request).then((read) => {
        body = read;
        response.writeHead(418).end();
      });
    });
    const attempt = await post(sender(), `http://127.0.0.1:${port}/hook?x=1`);
    expect(attempt).toMatchObject({ status: 418, failure: null });
    expect(requests[0]).toMatchObject({
      method: 'POST',
      url: '/hook?x=1',
      headers: { 'content-type': 'application/json', 'webhook-id': 'evt_1' },
    });
    expect(body).toBe('{"ü":1}');
  });

  it('does not follow a redirect', async () => {
    const inside = await server((_, response) => response.end());
    const { port } = await server((_, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${inside.port}/` }).end(),
    );
    expect(await post(sender(), `http://127.0.0.1:${port}/`)).toMatchObject({ status: 307 });
    expect(inside.requests).toHaveLength(0);
  });

  it('reads no more of an answer than it has to', async () => {
    let written = 0;
    let ended = false;
    const { port } = await server((_, response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const write = (): void => {
        while (!ended && response.write(chunk)) written += chunk.length;
        response.once('drain', write);
      };
      response.on('close', () => (ended = true));
      response.writeHead(200);
      write();
    });
    expect(await post(sender(), `http://127.0.0.1:${port}/`)).toMatchObject({ status: 200 });
    await eventually(() => ended);
    expect(written).toBeLessThan(16 * 1024 * 1024);
  });

  it('waits so long and no longer for an answer', async () => {
    const { port } = await server(() => undefined);
    const attempt = await post(sender({ timeoutMs: 200 }), `http://127.0.0.1:${port}/`);
    expect(attempt).toMatchObject({ status: null, failure: 'time-out' });
  });

  it('is under way until its answer has ended, or was given up, so that trickling is no way to hold connections', async () => {
    let isHeld = false;
    const { port } = await server((_, response) => {
      response.writeHead(200).write('a');
      isHeld = true;
      response.on('close', () => (isHeld = false));
    });
    const attempt = await post(sender({ timeoutMs: 2_000 }), `http://127.0.0.1:${port}/`);
    expect(attempt).toMatchObject({ status: 200, failure: null });
    expect(attempt.durationMs).toBeGreaterThan(1_900);
    await eventually(() => !isHeld);
  });

  it('waits for none of those to the same host, however many do not answer', async () => {
    const { port } = await server((request, response) => {
      if (request.url === '/good') response.writeHead(204).end();
    });
    const to = sender();
    const stuck = Array.from({ length: 100 }, () => post(to, `http://127.0.0.1:${port}/bad`));
    expect(await post(to, `http://127.0.0.1:${port}/good`)).toMatchObject({ status: 204 });
    to.close();
    await Promise.all(stuck);
  });

  it('to nobody has failed', async () => {
    const { port } = await server(() => undefined);
    await open.pop()!();
    const attempt = await post(sender(), `http://127.0.0.1:${port}/`);
    expect(attempt).toMatchObject({ status: null, failure: 'no-connection' });
  });
});

describe('unless it is allowed, a message', () => {
  it.each(['127.0.0.1', '127.1', '[::ffff:127.0.0.1]', 'localhost'])(
    'does not go to %s',
    async (host) => {
      const { port, requests } = await server((_, response) => response.end());
      const attempt = await post(sender({ allowPrivate: false }), `http://${host}:${port}/`);
      expect(attempt).toMatchObject({ status: null, failure: 'address-refused' });
      expect(requests).toHaveLength(0);
    },
  );

  it('does not go where a name leads that was public when it was saved', async () => {
    const { port, requests } = await server((_, response) => response.end());
    const addresses = ['8.8.8.8', '127.0.0.1'];
    const rebinding = sender({
      allowPrivate: false,
      timeoutMs: 10_000,
      resolver: (_name, _options, done) => done(null, [{ address: addresses.pop()!, family: 4 }]),
    });
    const attempt = await post(rebinding, `http://rebinding.example:${port}/`);
    expect(attempt).toMatchObject({ status: null, failure: 'address-refused' });
    expect(addresses).toEqual(['8.8.8.8']); // asked once: what was checked is what is connected to
    expect(requests).toHaveLength(0);
  });
});
