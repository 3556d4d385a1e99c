import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { EndpointSecrets } from './endpoint-secrets.js';
import { signedHeaders } from './signature.js';

const BODY = '{"type":"order.placed","data":{"note":"für Ada 🎁"}}';
const keys = [randomBytes(32), randomBytes(32)];
const secrets = new EndpointSecrets(keys);

function sign(names: string[], at = new Date()): Record<string, string> {
  const signing = names.map((name) => secrets.bytesOf(name)!);
  return signedHeaders('evt_1', at, BODY, signing);
}

describe('a message', () => {
  it('is believed by the library of Standard Webhooks, with the secret as its owner got it', () => {
    const name = secrets.newName();
    const text = secrets.textOf(name);
    expect(text).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(new Webhook(text).verify(BODY, sign([name]))).toEqual(JSON.parse(BODY));
  });

  it('is believed with either secret while they overlap, and with no other', () => {
    const [old, young, other] = [secrets.newName(), secrets.newName(), secrets.newName()];
    const headers = sign([young, old]);
    for (const name of [old, young]) new Webhook(secrets.textOf(name)).verify(BODY, headers);
    expect(() => new Webhook(secrets.textOf(other)).verify(BODY, headers)).toThrow();
  });

  it('is not believed when it was changed, or is old', () => {
    const name = secrets.newName();
    const receiver = new Webhook(secrets.textOf(name));
    expect(() => receiver.verify(`${BODY} `, sign([name]))).toThrow();
    expect(() => receiver.verify(BODY, { ...sign([name]), 'webhook-id': 'evt_2' })).toThrow();
    const old = new Date(Date.now() - 3_600_000);
    expect(() => receiver.verify(BODY, sign([name], old))).toThrow();
  });
});

describe('the secret of an endpoint', () => {
  it('follows from its name and key, and from nothing else', () => {
    const name = secrets.newName();
    expect(new EndpointSecrets(keys).textOf(name)).toBe(secrets.textOf(name));
    expect(secrets.textOf(secrets.newName())).not.toBe(secrets.textOf(name));
  });

  it('outlives a change of keys for as long as its key is among them', () => {
    const name = secrets.newName();
    const text = secrets.textOf(name);
    const changed = new EndpointSecrets([randomBytes(32), ...keys]);
    expect(changed.textOf(name)).toBe(text);
    expect(changed.newName().split('.')[0]).not.toBe(name.split('.')[0]);
    expect(new EndpointSecrets([randomBytes(32)]).bytesOf(name)).toBeUndefined();
  });
});
