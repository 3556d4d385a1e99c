import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TakeQuota } from '@flotilla/contracts/api-key-usage';
import { eventually } from '@flotilla/testing/eventually';
import { getIntrospectionQuery, parse } from 'graphql';
import {
  codes,
  type GraphqlAnswer,
  GraphqlUnderTest,
  rules,
} from '../../test/graphql-under-test.js';

let under: GraphqlUnderTest;

beforeAll(async () => {
  under = await GraphqlUnderTest.start();
});
afterAll(() => under.close());
beforeEach(() => {
  under.shop.calls = [];
});

describe('an operation that is a bomb', () => {
  const nested = `{ me ${'{ orders { edges { node { user '.repeat(50)} { id } ${'} } } }'.repeat(50)} }`;
  const aliases = Array.from({ length: 51 }, (_, index) => `a${index}: me { id }`).join(' ');
  const cycle =
    '{ me { ...a } } fragment a on User { orders { edges { node { user { ...a } } } } }';
  const dear =
    '{ users(first: 100) { edges { node { orders(first: 100) { edges { node { id } } } } } } }';
  it.each([
    ['nested fifty times', nested, 'depth'],
    ['of 51 aliases', `{ ${aliases} }`, 'aliases'],
    ['of fragments that lead in a circle', cycle, 'fragment-cycle'],
    ['that costs too much', dear, 'cost'],
    ['of one field again and again', `{ ${'me { id } '.repeat(200)} }`, 'fields'],
    ['of too many tokens', `{ ${'me '.repeat(2_000)} }`, 'graphql'],
    ['that is a syntax tree', JSON.stringify(parse('{ me { id } }')), 'graphql'],
    [
      'of introspection',
      `{ __schema { types ${'{ fields { type '.repeat(9)} { name } ${'} }'.repeat(9)} } }`,
      'graphql',
    ],
  ])('%s is refused before anybody is asked', async (_, query, rule) => {
    const answer = await under.ask(query);
    expect([answer.status, codes(answer), rules(answer)]).toEqual([
      400,
      ['validation-failed'],
      [rule],
    ]);
    expect(under.shop.calls).toEqual([]);
  });

  it('that is too long, or several at once, is not read', async () => {
    const long = await under.ask(`{ me { id } } # ${'x'.repeat(20_000)}`);
    const batch = await under.send([{ query: '{ me { id } }' }, { query: '{ me { id } }' }]);
    expect([long, batch].map(({ status, body }) => [status, body.code])).toEqual([
      [400, 'validation-failed'],
      [400, 'validation-failed'],
    ]);
    expect(under.shop.calls).toEqual([]);
  });

  it('is none, when the schema is asked for as tools do', async () => {
    const { status, body } = await under.ask(getIntrospectionQuery());
    expect([status, body.errors]).toEqual([200, undefined]);
  });
});

describe('what an operation costs', () => {
  /** Five units. */
  const FIVE =
    '{ orders(first: 100) { edges { node { user { id } ...i } } } } fragment i on Order { a: user { id } b: user { id } c: user { id } }';
  const left = ({ headers }: GraphqlAnswer) => /r=(\d+)/.exec(headers.get('ratelimit')!)?.[1];

  it('is taken from the limit of who asks, in whole or not at all', async () => {
    const key = under.gateway.key({ rateLimit: { limit: 12, windowSeconds: 60 } });
    expect(left(await under.ask(FIVE, {}, key))).toBe('7');
    expect(left(await under.ask('{ me { id } }', {}, key))).toBe('6');
    expect(left(await under.ask(FIVE, {}, key))).toBe('1');
    under.shop.calls = [];
    const refused = await under.ask(FIVE, {}, key);
    expect([refused.status, refused.body.code]).toEqual([429, 'rate-limited']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(under.shop.calls).toEqual([]);
    expect(left(await under.ask('{ me { id } }', {}, key))).toBe('0');
  });

  it('is a unit at least for everything that it changes', async () => {
    const key = under.gateway.key({ rateLimit: { limit: 5, windowSeconds: 60 } });
    const cancel = (n: number) => `c${n}: cancelOrder(input: { id: "ord_${n}" }) { id }`;
    const changes = (count: number) =>
      `mutation { ${Array.from({ length: count }, (_, n) => cancel(n)).join(' ')} }`;
    expect(rules(await under.ask(changes(6), {}, key))).toEqual(['cost']);
    expect(left(await under.ask(changes(3), {}, key))).toBe('1');
  });

  it('is taken from neither limit nor quota when the quota is too small', async () => {
    let inQuota = 3;
    const stop = await under.gateway.services.answer(TakeQuota, ({ units }) => {
      const granted = Math.min(units, inQuota);
      inQuota -= granted;
      const periodEnd = new Date(Date.now() + 3_600_000).toISOString();
      return { units: granted, periodStart: '2026-01-01T00:00:00.000Z', periodEnd };
    });
    const rateLimit = { limit: 12, windowSeconds: 60 };
    const key = under.gateway.key({ rateLimit, quota: { limit: 3, interval: 'day' } });
    const refused = await under.ask(FIVE, {}, key);
    expect([refused.status, refused.body.code]).toEqual([429, 'quota-exhausted']);
    expect(left(refused)).toBe('12');
    const lefts: (string | undefined)[] = [];
    for (let n = 0; n < 3; n += 1) {
      await eventually(async () => {
        const answer = await under.ask('{ me { id } }', {}, key);
        lefts.push(left(answer));
        return answer.status === 200;
      });
    }
    expect(lefts.at(-1)).toBe('9');
    await stop();
  });

  it('is refused for good when it is more than the limit', async () => {
    const key = under.gateway.key({ rateLimit: { limit: 4, windowSeconds: 60 } });
    expect(rules(await under.ask(FIVE, {}, key))).toEqual(['cost']);
    expect(left(await under.ask('{ me { id } }', {}, key))).toBe('2');
  });
});
