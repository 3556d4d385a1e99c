import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { verifyWebhook, WebhookVerificationError } from './webhooks.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const AT = 1_614_265_330;
const BODY = '{"test": 2432232314}';
/** The example of the specification. */
const SIGNED = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': String(AT),
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

describe('verifyWebhook', () => {
  beforeEach(() => void jest.useFakeTimers({ now: AT * 1_000, doNotFake: ['nextTick'] }));
  afterEach(() => void jest.useRealTimers());

  it('takes what is signed as the specification says, however headers and body are held', () => {
    const event = { test: 2432232314 };
    expect(verifyWebhook(SECRET, SIGNED, BODY)).toEqual(event);
    expect(verifyWebhook(SECRET, new Headers(SIGNED), Buffer.from(BODY))).toEqual(event);
    expect(verifyWebhook(SECRET, SIGNED, new Uint8Array(Buffer.from(BODY)))).toEqual(event);
  });

  it('takes either of two signatures, as there are while a secret is rotated', () => {
    const other = Buffer.from('another secret');
    const digest = createHmac('sha256', other)
      .update(`${SIGNED['webhook-id']}.${AT}.${BODY}`)
      .digest('base64');
    const both = `v1,${digest} v1a,x ${SIGNED['webhook-signature']}`;
    const headers = { ...SIGNED, 'webhook-signature': both };
    expect(verifyWebhook(SECRET, headers, BODY)).toBeTruthy();
    expect(verifyWebhook(`whsec_${other.toString('base64')}`, headers, BODY)).toBeTruthy();
  });

  it.each<[string, Partial<typeof SIGNED>, string?]>([
    ['another body', {}, '{"test": 2432232315}'],
    ['another id', { 'webhook-id': 'msg_2' }],
    ['another time', { 'webhook-timestamp': String(AT + 1) }],
    ['another signature', { 'webhook-signature': 'v1,AAAA' }],
    [
      'a signature of another kind',
      { 'webhook-signature': 'v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' },
    ],
    ['no signature', { 'webhook-signature': undefined }],
    ['no time', { 'webhook-timestamp': undefined }],
    ['a time that is none', { 'webhook-timestamp': 'now' }],
    ['no id', { 'webhook-id': undefined }],
  ])('refuses %s', (_, change, body = BODY) => {
    expect(() => verifyWebhook(SECRET, { ...SIGNED, ...change }, body)).toThrow(
      WebhookVerificationError,
    );
  });

  it.each([-301, 301])('refuses what was signed %i s away from now', (seconds) => {
    jest.setSystemTime((AT + seconds) * 1_000);
    expect(() => verifyWebhook(SECRET, SIGNED, BODY)).toThrow(WebhookVerificationError);
    jest.setSystemTime((AT + Math.sign(seconds) * 299) * 1_000);
    expect(verifyWebhook(SECRET, SIGNED, BODY)).toBeTruthy();
  });
});
