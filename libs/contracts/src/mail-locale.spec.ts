import { expect, it } from '@jest/globals';
import { mailLocaleOf } from './mail-locale.js';

it.each([
  [undefined, 'en'],
  ['ko-KR,ko;q=0.9,en-US;q=0.8', 'ko'],
  ['de-DE,en;q=0.5,ko;q=0.7', 'ko'],
  ['fr', 'en'],
  ['ko;q=0, *', 'en'],
  ['EN', 'en'],
])('who wants %s reads %s', (header, locale) => {
  expect(mailLocaleOf(header)).toBe(locale);
});
