import { describe, expect, it } from '@jest/globals';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { costOf, refuseExcess } from './operation-limits.js';
import { ExtentMeter } from './operation-extent.js';

const schema = buildSchema(`
  type Query { me: User, user(id: ID): User, users(first: Int): Users, orders(first: Int, note: String): Orders }
  type User { id: ID, name: String, friend: User, orders(first: Int): Orders }
  type Users { edges: [UserEdge!]! }
  type UserEdge { node: User }
  type Orders { edges: [OrderEdge!]! }
  type OrderEdge { node: Order }
  type Order { id: ID, user: User, items: [Item!]! }
  type Item { sku: String, product: Product }
  type Product { sku: String }
`);

const extent = (text: string, variables = {}) => {
  const document = parse(text);
  return new ExtentMeter(schema, document, variables).extentOf(getOperationAST(document)!);
};
const refusal = (text: string) => {
  try {
    refuseExcess(schema, parse(text));
    return undefined;
  } catch (error) {
    const { details } = error as { details: { errors: { code: string }[] } };
    return details.errors.map(({ code }) => code);
  }
};
const cost = (text: string, variables = {}, limit = 1_000) => {
  try {
    return costOf(schema, parse(text), variables, undefined, limit);
  } catch (error) {
    return (error as Error).message;
  }
};
const nested = (levels: number) =>
  `{ me ${'{ friend '.repeat(levels)} { id } ${'}'.repeat(levels)} }`;
const aliases = (count: number) =>
  Array.from({ length: count }, (_, index) => `a${index}: me { id }`).join(' ');

describe('the extent of an operation', () => {
  it('is as deep as its deepest field, through fragments', () => {
    expect(extent('{ me { id } }').depth).toBe(2);
    expect(
      extent('{ me { ...a } } fragment a on User { ... on User { friend { id } } }').depth,
    ).toBe(3);
  });

  it('counts every alias as often as fragments repeat it', () => {
    const twice = '{ a: me { ...f } b: me { ...f } } fragment f on User { x: id y: id }';
    expect(extent(twice).aliases).toBe(6);
  });

  it('counts what services are asked for, as often as there may be of it', () => {
    expect(extent('{ me { id name } }').objects).toBe(1);
    expect(extent('{ orders { edges { node { id } } } }').objects).toBe(20);
    const nodes = '{ edges { node { user { id } items { product { sku } } } } }';
    expect(extent(`{ orders(first: 50) ${nodes} }`).objects).toBe(50 * (1 + 1 + 5));
    expect(extent(`query ($n: Int) { orders(first: $n) ${nodes} }`, { n: 3 }).objects).toBe(21);
  });

  it('counts the same when fragments hide it', () => {
    const plain =
      '{ orders(first: 7) { edges { node { user { orders(first: 3) { edges { node { id } } } } } } } }';
    const hidden = `{ orders(first: 7) { ...page } } fragment page on Orders { edges { ...edge } }
      fragment edge on OrderEdge { node { user { orders(first: 3) { edges { node { id } } } } } }`;
    expect(extent(hidden)).toEqual(extent(plain));
  });

  it('is measured in no time, whatever fragments multiply to', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, level) =>
        `fragment f${level} on User { ...f${level + 1} x: friend { ...f${level + 1} } }`,
    );
    const bomb = `{ me { ...f0 } } ${fragments.join(' ')} fragment f60 on User { id }`;
    const started = performance.now();
    expect(refusal(bomb)).toEqual(['depth']);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('an operation is refused', () => {
  it('that is deeper than ten levels', () => {
    expect(refusal(nested(8))).toBeUndefined();
    expect(refusal(nested(9))).toEqual(['depth']);
  });

  it('that has more than fifty aliases', () => {
    expect(refusal(`{ ${aliases(50)} }`)).toBeUndefined();
    expect(refusal(`{ ${aliases(51)} }`)).toEqual(['aliases']);
  });

  it('whose fragments lead back to themselves', () => {
    expect(
      refusal('{ me { ...a } } fragment a on User { friend { ...b } } fragment b on User { ...a }'),
    ).toEqual(['fragment-cycle']);
  });

  it('that has more than three hundred fields, also where nobody looks', () => {
    const fields = (count: number) => 'id '.repeat(count);
    expect(refusal(`{ me { ${fields(299)} } }`)).toBeUndefined();
    expect(refusal(`{ me { ${fields(300)} } }`)).toEqual(['fields']);
    const unused = (count: number) => `{ me { id } } fragment unused on User { ${fields(count)} }`;
    expect(refusal(unused(300))).toBeUndefined();
    expect(refusal(unused(301))).toEqual(['fields']);
  });

  it('that has the whole schema told again and again', () => {
    const types = '{ types { fields { name } } }';
    expect(refusal(`{ __schema ${types} a: __type(name: "User") { name } }`)).toBeUndefined();
    for (const bomb of [
      `{ __schema ${types} a: __schema ${types} }`,
      '{ __schema { types { a: fields { name } b: fields { name } } } }',
      '{ __schema { types { ...f } } } fragment f on __Type { a: fields { name } }',
    ]) {
      expect(refusal(bomb)).toEqual(['introspection']);
    }
  });

  it('that holds what cannot be stored', () => {
    expect(refusal(String.raw`{ orders(note: "a\u0000b") { edges { node { id } } } }`)).toEqual([
      'nul',
    ]);
    expect(
      refusal('{ orders(note: {a: [99999999999999999999]}) { edges { node { id } } } }'),
    ).toEqual(['number']);
    expect(refusal('{ orders(note: {__proto__: 1}) { edges { node { id } } } }')).toEqual([
      'forbidden',
    ]);
    expect(
      refusal(
        String.raw`query ($n: String = "\u0000") { orders(note: $n) { edges { node { id } } } }`,
      ),
    ).toEqual(['nul']);
  });
});

describe('what an operation costs', () => {
  const orders = (first: string) => `orders(first: ${first}) { edges { node { id } } }`;

  it('is one unit for a hundred objects', () => {
    expect(cost('{ me { id } }')).toBe(1);
    expect(cost(`{ ${orders('100')} }`)).toBe(1);
    expect(cost(`{ users(first: 20) { edges { node { ${orders('20')} } } } }`)).toBe(5);
  });

  it('is what variables make it, given or by default', () => {
    expect(cost(`query ($n: Int) { a: ${orders('$n')} b: ${orders('$n')} }`, { n: 100 })).toBe(2);
    expect(cost(`query ($n: Int = 100) { a: ${orders('$n')} b: ${orders('$n')} }`)).toBe(2);
  });

  it('is never more than a hundred units, nor than the limit of who asks', () => {
    const most = `{ users(first: 100) { edges { node { ${orders('99')} } } } }`;
    expect(cost(most)).toBe(100);
    expect(cost(most, {}, 99)).toContain('It costs 100: 99 go.');
    expect(cost(most.replace('99', '100'))).toContain('It costs 101: 100 go.');
  });
});
