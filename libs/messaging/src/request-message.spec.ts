import { describe, expect, it } from '@jest/globals';
import type { Msg } from '@nats-io/transport-node';
import { readRequest } from './request-message.js';

const ACTOR = { userId: 'usr_01h455vb4pex5vsknk084sn02q', mode: 'live', permissions: [] };

const bodied = (body: string): Msg => ({ json: () => JSON.parse(body) as unknown }) as Msg;

describe('the body of a request', () => {
  it('has the request beside who asks, for whom, and how long', () => {
    const message = { timeoutMs: 5, requestId: 'r', actor: ACTOR, request: { text: 'x' } };
    expect(readRequest(bodied(JSON.stringify(message)))).toEqual(message);
  });

  it('has no actor when nobody asks', () => {
    expect(readRequest(bodied('{"timeoutMs":5,"requestId":"r","request":null}')).actor).toBe(
      undefined,
    );
  });

  it.each([
    '{',
    'null',
    '"text"',
    '{"text":"x"}',
    '{"timeoutMs":"5","requestId":"r","request":{}}',
    '{"timeoutMs":5,"request":{}}',
    '{"timeoutMs":5,"requestId":"r","actor":null,"request":{}}',
    '{"timeoutMs":5,"requestId":"r","actor":{"userId":"usr_1"},"request":{}}',
    '{"timeoutMs":5,"requestId":"r","actor":{"userId":1,"permissions":[]},"request":{}}',
  ])('is refused as malformed when it is not one: %s', (body) => {
    const read = () => readRequest(bodied(body));
    expect(read).toThrow('not a request');
  });
});
