import { expect, it } from '@jest/globals';
import { formTargetsOf } from './form-targets.js';

it.each([
  ['https://shop.example/callback?x=1', ['https://shop.example']],
  ['http://127.0.0.1:4711/cb', ['http://127.0.0.1:4711']],
  ['com.example.app:/bye', ['com.example.app:']],
  ['/account', []],
  [undefined, []],
])('a form may lead on to %s', (uri, targets) => {
  expect(formTargetsOf(uri)).toEqual(targets);
});
