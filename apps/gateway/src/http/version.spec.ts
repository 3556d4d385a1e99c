import { describe, expect, it } from '@jest/globals';
import { isAppError } from '@flotilla/contracts/errors';
import fc from 'fast-check';
import { isApiPath, parseTarget, resolveVersion, VERSIONS } from './version.js';

const valid = fc.constantFrom(...VERSIONS);
const spelled = valid.chain((version) => fc.constantFrom(version, version.slice(1)));

describe('resolveVersion', () => {
  it('prefers the header, then the path, then v1', () => {
    fc.assert(
      fc.property(
        fc.option(spelled, { nil: undefined }),
        fc.option(valid, { nil: undefined }),
        (header, path) => {
          const wanted = header === undefined ? path : `v${header.replace('v', '')}`;
          expect(resolveVersion(header, path)).toBe(wanted ?? 'v1');
        },
      ),
    );
  });

  it('refuses whatever is not exactly a known version, and names it back', () => {
    const known = new Set(['1', '2', 'v1', 'v2']);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.constantFrom('', '01', '1, 2', '1,1', '9', 'v9', '0', 'V1', ' 1', '1.0'),
        ),
        (text) => {
          fc.pre(!known.has(text));
          expect(refusal(() => resolveVersion(text, undefined))).toEqual({
            supported: ['v1', 'v2'],
            requested: text,
          });
        },
      ),
    );
  });

  it('refuses an unknown version in the path even under a good header', () => {
    expect(refusal(() => resolveVersion('1', 'v9'))).toMatchObject({ requested: 'v9' });
  });
});

describe('parseTarget', () => {
  it.each([
    ['/api/v2/orders?limit=1', { url: '/api/orders?limit=1', version: 'v2' }],
    ['/api/v1', { url: '/api', version: 'v1' }],
    ['/api/v9?x', { url: '/api?x', version: 'v9' }],
    ['/api/v01/orders', { url: '/api/orders', version: 'v01' }],
    ['/api/v1.0/orders', { url: '/api/orders', version: 'v1.0' }],
    ['/api/orders', { url: '/api/orders' }],
    ['/api/v1/v2/orders', { url: '/api/v2/orders', version: 'v1' }],
    ['/healthz', { url: '/healthz' }],
    ['/x/api/v2/orders', { url: '/x/api/v2/orders' }],
    ['http://host:80/api/v2/orders', { url: '/api/orders', version: 'v2' }],
    ['http://host', { url: '/' }],
    ['/%61pi/%76%32/or%64ers?q=%61', { url: '/api/orders?q=%61', version: 'v2' }],
    ['/api/products/a%2Fb%20%zz', { url: '/api/products/a%2Fb%20%zz' }],
  ])('reads %s', (target, parsed) => expect(parseTarget(target)).toEqual(parsed));
});

describe('isApiPath', () => {
  it.each(['/api', '/api/', '/api/orders', '/api?x'])('%s is versioned', (url) =>
    expect(isApiPath(url)).toBe(true),
  );
  it.each(['/', '/apis', '/healthz', '/docs/api'])('%s is not', (url) =>
    expect(isApiPath(url)).toBe(false),
  );
});

function refusal(resolve: () => unknown): unknown {
  try {
    return resolve();
  } catch (error) {
    if (!isAppError(error, 'unsupported-api-version')) throw error;
    return error.details;
  }
}
