import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const apps = new URL('../../', import.meta.url);
const table = readFileSync(new URL('../docs/gateway-tests.md', apps), 'utf8');
const rows = table.split('\n').filter((line) => /^\| *\d/.test(line));

test('what is demanded of gateways has a row each, 1 to 28', () => {
  expect(rows.map((row) => Number(row.split('|')[1]))).toEqual(
    Array.from({ length: 28 }, (_, index) => index + 1),
  );
});

const named = [...table.matchAll(/`([^`]+\.spec\.ts)`: ([^;|]+?) *(?=[;|])/g)].map(
  ([, file, name]) => [file!, name!] as const,
);

test.each(named)('%s shows: %s', (file, name) => {
  expect(readFileSync(new URL(file, apps), 'utf8')).toContain(name);
});
