import { describe, expect, it } from '@jest/globals';
import { isAppError } from '@flotilla/contracts/errors';
import fc from 'fast-check';
import { parseJsonBody } from './json-body.js';

describe('parseJsonBody', () => {
  it('gives back every object as it came', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/\\u0000|\\ud[89a-f]|__proto__|constructor/i.test(text));
        fc.pre(!/\de\+|\d{16}/.test(text));
        expect(JSON.stringify(parseJsonBody(Buffer.from(text)))).toBe(text);
      }),
    );
  });

  it('accepts a byte order mark and duplicate names, the last of which counts', () => {
    expect(parseJsonBody(Buffer.from('\ufeff{"a":1,"a":2}'))).toEqual({ a: 2 });
  });

  it('leaves the client its own data, whatever the names in it, and every exact number', () => {
    const text =
      '{"metadata":{"constructor":{"prototype":[{"constructor":1}]}},"n":[9007199254740991,-9007199254740991,0.1]}';
    expect(JSON.stringify(parseJsonBody(Buffer.from(text)))).toBe(text);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['broken JSON', Buffer.from('{"a":')],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    ['JSON with a comment', Buffer.from('{} // no')],
  ])('answers malformed-json to %s', (_, body) => {
    expect(failure(body)).toMatchObject({ code: 'malformed-json' });
  });

  it.each([
    ['{"a":{"b/c~":"x\\u0000"}}', '/a/b~1c~0', 'nul'],
    ['{"a":["x","\\ud800"]}', '/a/1', 'surrogate'],
    ['[]', '', 'object'],
    ['null', '', 'object'],
    ['"x"', '', 'object'],
    ['{"a":{"constructor":1}}', '/a/constructor', 'forbidden'],
    ['{"a\\u0000":1}', '/a\0', 'nul'],
    ['{"a":{"__proto__":{"x":1}}}', '/a/__proto__', 'forbidden'],
    ['{"n":1e400}', '/n', 'number'],
    ['{"n":[9007199254740993]}', '/n/0', 'number'],
    ['{"n":-9007199254740992}', '/n', 'number'],
    ['{"metadata":{"__proto__":1}}', '/metadata/__proto__', 'forbidden'],
    ['{"a":{"metadata":{"constructor":1}}}', '/a/metadata/constructor', 'forbidden'],
    [`{"a":${'['.repeat(32)}${']'.repeat(32)}}`, `/a${'/0'.repeat(31)}`, 'depth'],
  ])('points at what is wrong in %s', (text, pointer, code) => {
    expect(failure(Buffer.from(text))).toMatchObject({
      code: 'validation-failed',
      details: { errors: [{ pointer, code }] },
    });
  });

  it('survives nesting as deep as the body limit allows', () => {
    expect(
      failure(Buffer.from(`{"a":${'['.repeat(131_000)}${']'.repeat(131_000)}}`)),
    ).toMatchObject({
      code: 'validation-failed',
    });
  });
});

function failure(body: Buffer): unknown {
  try {
    return parseJsonBody(body);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error;
  }
}
