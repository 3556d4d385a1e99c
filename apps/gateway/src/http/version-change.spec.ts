import { expect, test } from '@jest/globals';
import { downTo, type VersionChange } from './version-change.js';

const change = (name: string): VersionChange => ({
  name,
  since: 'v2',
  summary: '',
  down: (body) => ({ passed: [...((body as { passed?: string[] }).passed ?? []), name] }),
});
const CHANGES = [change('first'), change('last')];

test('an answer goes down through what its client does not know, newest first', () => {
  expect(downTo('v1', CHANGES, {})).toEqual({ passed: ['last', 'first'] });
});

test('the newest version is left as it is', () => {
  expect(downTo('v2', CHANGES, {})).toEqual({});
});
