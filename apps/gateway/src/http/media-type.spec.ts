import { expect, it } from '@jest/globals';
import { mediaTypeOf } from './media-type.js';

it.each([
  ['TEXT/CSV; charset=UTF-8', { name: 'text/csv', utf8: true }],
  ['text/csv;header=present', { name: 'text/csv', utf8: true }],
  ['application/json; charset="utf-16"', { name: 'application/json', utf8: false }],
  ['application/json;charset=latin1', { name: 'application/json', utf8: false }],
  ['nonsense', undefined],
  [undefined, undefined],
])('%j is read whatever its case, with its charset', (contentType, expected) => {
  expect(mediaTypeOf(contentType)).toEqual(expected);
});
