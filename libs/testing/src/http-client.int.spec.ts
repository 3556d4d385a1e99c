import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpClient } from './http-client.js';

describe('HttpClient', () => {
  let server: Server;
  let client: HttpClient;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/text') {
        response.end('plain');
        return;
      }
      response.writeHead(404, { 'content-type': 'application/problem+json' });
      void (async () => {
        let body = '';
        for await (const chunk of request) body += String(chunk);
        const { 'x-api-key': key, 'content-type': type } = request.headers;
        response.end(JSON.stringify({ method: request.method, key, type, body }));
      })();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = new HttpClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  afterAll(async () => {
    server.close();
    await once(server, 'close');
  });

  it('sends JSON and reads JSON of every kind, whatever the status', async () => {
    const answer = await client.with({ 'x-api-key': 'sk_1' }).post('/json', { a: 1 });
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({
      method: 'POST',
      key: 'sk_1',
      type: 'application/json',
      body: '{"a":1}',
    });
  });

  it('leaves text as it is', async () => {
    expect((await client.get('/text')).body).toBe('plain');
  });
});
