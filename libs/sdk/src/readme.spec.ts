import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test('the README shows the example that CI runs', () => {
  expect(read('README.md')).toContain(`\`\`\`ts\n${read('examples/orders.ts')}\`\`\``);
});
