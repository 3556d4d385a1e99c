import {
  createServer,
  get,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type GatewayUnderTest, gatewayUnderTest } from '../../test/gateway-under-test.js';

/** A server in the place of a replica of identity. */
interface Replica {
  server: Server;
  url: string;
  seen: { headers: IncomingMessage['headers']; url: string; body: string }[];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
}

async function startReplica(): Promise<Replica> {
  const replica: Replica = { server: createServer(), url: '', seen: [], answer: () => undefined };
  replica.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      replica.seen.push({ headers: request.headers, url: request.url!, body });
      replica.answer(request, response);
    });
  });
  await new Promise<void>((resolve) => replica.server.listen(0, '127.0.0.1', resolve));
  replica.url = `http://127.0.0.1:${(replica.server.address() as AddressInfo).port}`;
  return replica;
}

async function stop({ server }: Replica): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

let replicas: [Replica, Replica];
let gateway: GatewayUnderTest;
beforeAll(async () => {
  replicas = [await startReplica(), await startReplica()];
  gateway = await gatewayUnderTest({ IDENTITY_URL: replicas.map(({ url }) => url).join(',') });
}, 60_000);
afterAll(async () => {
  await gateway.close();
  for (const replica of replicas) await stop(replica);
});
beforeEach(() => {
  for (const replica of replicas) {
    replica.seen.length = 0;
    replica.answer = (_, response) => response.end('{"ok":true}');
  }
});

const FORM = 'application/x-www-form-urlencoded';
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  gateway.fetch(path, { method: 'POST', body, headers: { 'content-type': FORM, ...headers } });
/** Of a path as it is written, which fetch would write otherwise. */
const statusOf = (path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    get({ port: gateway.port, path }, ({ statusCode }) => resolve(statusCode!)).on('error', reject);
  });
const seen = () => replicas.flatMap((replica) => replica.seen);

describe('what is forwarded to identity', () => {
  it('goes to its replicas in turn, as it came', async () => {
    for (let count = 0; count < 4; count += 1)
      expect((await post('/oauth/token?a=%2F', 'grant_type=x&b=%00')).status).toBe(200);
    expect(replicas.map((replica) => replica.seen.length)).toEqual([2, 2]);
    for (const { url, body, headers } of seen()) {
      expect([url, body]).toEqual(['/oauth/token?a=%2F', 'grant_type=x&b=%00']);
      expect(headers['content-type']).toBe(FORM);
    }
  });

  it('says where it comes from as we know it, whatever it says itself', async () => {
    await post('/oauth/token', 'a=b', {
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'for=203.0.113.9;host=evil.example',
      'x-real-ip': '203.0.113.9',
      'x-request-id': 'mine',
    });
    const [{ headers }] = seen() as [ReturnType<typeof seen>[0]];
    expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-request-id': 'mine' });
    expect(JSON.stringify(headers)).not.toMatch(/evil|203\.0\.113/);
  });

  it('is nothing larger than any request of OAuth', async () => {
    const answer = await post('/oauth/token', 'a'.repeat(65 * 1024));
    expect([answer.status, await answer.json()]).toMatchObject([
      413,
      { code: 'payload-too-large' },
    ]);
    expect(seen()).toEqual([]);
  });

  it('is nothing outside of what identity answers', async () => {
    const paths = [
      '/oauth',
      '/accounts',
      '/.well-known/security.txt',
      '/oauth/../metrics',
      '/oauth/%2e%2e/metrics',
      '/oauth/%2e%2e%2fmetrics',
      '/oauth/x\\..\\..\\metrics',
      '/account\\..\\metrics',
      '//metrics',
    ];
    expect(await Promise.all(paths.map(statusOf))).toEqual(paths.map(() => 404));
    expect(seen()).toEqual([]);
  });

  it('comes back as identity says it, with its cookies and redirects, and with our own headers', async () => {
    for (const replica of replicas)
      replica.answer = (_, response) => {
        response.setHeader('set-cookie', ['a=1; HttpOnly', 'b=2; HttpOnly']);
        response.writeHead(303, { location: '/account' }).end();
      };
    const answer = await gateway.fetch('/account/sign-in', { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/account']);
    expect(answer.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2; HttpOnly']);
    expect(answer.headers.get('x-request-id')).not.toBeNull();
  });
});

describe('what identity knows nothing of', () => {
  it('is a problem like any other address that there is not', async () => {
    for (const replica of replicas)
      replica.answer = (_, response) => {
        response
          .writeHead(404, { 'content-type': 'text/plain', 'content-length': '4' })
          .end('none');
      };
    const answer = await post('/oauth/nothing', 'a=b');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(await answer.json()).toMatchObject({
      code: 'not-found',
      error: 'invalid_request',
      requestId: expect.any(String),
    });
  });
});

describe('an answer that comes in parts', () => {
  it('holds nothing but itself, whatever its client sends meanwhile', async () => {
    for (const replica of replicas)
      replica.answer = (_, response) =>
        response.writeHead(200, { 'content-length': '99' }).write('begun');
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write('GET /account HTTP/1.1\r\nhost: h\r\n\r\n');
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
      if (answer.endsWith('begun')) socket.write('NONSENSE\r\n\r\n');
    });
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1.1 200 [^]*\r\n\r\nbegun$/);
  });
});

describe('with one replica gone', () => {
  it('nobody notices, and with both gone it is 503 in the words of OAuth and of a problem', async () => {
    const [gone, other] = replicas;
    await stop(gone);
    const answers = [];
    for (let count = 0; count < 6; count += 1) answers.push(await post('/oauth/token', 'a=b'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(other.seen).toHaveLength(6);

    await stop(other);
    const answer = await post('/oauth/token', 'a=b');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({
      code: 'unavailable',
      error: 'temporarily_unavailable',
      requestId: expect.any(String),
    });
  });
});
