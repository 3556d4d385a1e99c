import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type GatewayUnderTest, gatewayUnderTest } from '../../test/gateway-under-test.js';

const HEAD = 'POST /api/orders HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\n';

let gateway: GatewayUnderTest;
const sockets: Socket[] = [];

beforeAll(async () => {
  gateway = await gatewayUnderTest({ REQUEST_TIMEOUT_MS: '1000' });
});
afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));
afterAll(() => gateway.close());

/** Sends so much at once and then a byte now and then, without an end; what it is told, if it listens, before it is hung up on. */
async function dribble(
  start: string,
  byte: string,
  { listens = true, everyMs = 50 } = {},
): Promise<string> {
  const socket = connect(gateway.port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.write(start);
  const drip = setInterval(() => socket.write(byte), everyMs);
  let answer = '';
  if (listens) socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(drip);
  return answer;
}

describe('a client that asks nothing', () => {
  it('is told nothing: a browser that opened the connection ahead of need would take it for an answer', async () => {
    expect(await dribble('', '')).toBe('');
  });
});

describe('a client that does not read', () => {
  it('is let go of, with all that was to be sent to it', async () => {
    const request = 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nhost: h\r\n\r\n';
    // It notices by what it sends: that nobody is there any more.
    await dribble(request.repeat(20), '\r\n', { listens: false, everyMs: 1_500 });
  });
});

describe('a client that sends a byte now and then', () => {
  it.each([
    ['in its head', HEAD, 'x'],
    ['in its body', `${HEAD}content-length: 99999\r\n\r\n`, ' '],
  ])('%s is told so and let go of', async (_, start, byte) => {
    expect(await dribble(start, byte)).toMatch(/^HTTP\/1.1 408 [^]*"request-timeout"/);
  });

  it('keeps nobody else waiting, however many they are', async () => {
    const slow = Array.from({ length: 200 }, () => dribble(HEAD, 'x'));
    for (let round = 0; round < 20; round += 1) {
      expect((await gateway.fetch('/healthz')).status).toBe(200);
    }
    expect((await Promise.all(slow)).every((answer) => answer.includes(' 408 '))).toBe(true);
  });
});
