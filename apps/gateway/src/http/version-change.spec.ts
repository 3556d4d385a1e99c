import { expect, test } from '@jest/globals';
import { downTo, upFrom, type VersionChange } from './version-change.js';

const log = (name: string) => (body: object) => ({
  passed: [...((body as { passed?: string[] }).passed ?? []), name],
});
const change = (name: string, requests = true): VersionChange => ({
  name,
  since: 'v2',
  summary: '',
  down: log(name),
  ...(requests && { up: log(name) }),
});
const CHANGES = [change('first'), change('answers-only', false), change('last')];

test('an answer goes down through what its client does not know, newest first', () => {
  expect(downTo('v1', CHANGES, {})).toEqual({ passed: ['last', 'answers-only', 'first'] });
});

test('a request comes up through the same in the order in which it was made', () => {
  expect(upFrom('v1', CHANGES, {})).toEqual({ passed: ['first', 'last'] });
});

test('the newest version is left as it is', () => {
  expect([downTo('v2', CHANGES, {}), upFrom('v2', CHANGES, {})]).toEqual([{}, {}]);
});
