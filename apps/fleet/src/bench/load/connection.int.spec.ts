import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LoadConnection } from './connection.js';

describe('the connection of the load generator', () => {
  let server: Server;
  let connection: LoadConnection;
  let connections: number;

  beforeEach(async () => {
    connections = 0;
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        if (request.url === '/gone') return void request.socket.destroy();
        const { 'x-api-key': key, 'x-more': more } = request.headers;
        response.setHeader('Location', `/made${request.url}`);
        response.statusCode = 201;
        response.end(JSON.stringify({ method: request.method, key, more, body }));
      });
    });
    server.on('connection', () => (connections += 1));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    connection = new LoadConnection(new URL(`http://127.0.0.1:${port}`), { 'x-api-key': 'key' });
  });
  afterEach(() => {
    connection.close();
    server.close();
  });

  it('sends one request after another over one connection, and reads what was answered', async () => {
    const large = { text: 'ü'.repeat(100_000) };
    const first = await connection.post('/first', { 'x-more': 'more' }, large);
    expect([first.status, first.header('location')]).toEqual([201, '/made/first']);
    const { body, ...rest } = JSON.parse(first.body()) as { body: string };
    expect(rest).toEqual({ method: 'POST', key: 'key', more: 'more' });
    expect(body === JSON.stringify(large)).toBe(true);
    const second = await connection.get('/second');
    expect(JSON.parse(second.body())).toMatchObject({ method: 'GET', body: '' });
    expect(second.header('x-none')).toBeUndefined();
    expect(connections).toBe(1);
  });

  it('fails when the connection is lost, and makes another for the next request', async () => {
    await expect(connection.get('/gone')).rejects.toThrow();
    expect((await connection.get('/next')).status).toBe(201);
    expect(connections).toBe(2);
  });
});
