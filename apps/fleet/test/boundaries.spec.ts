import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const require = createRequire(import.meta.url);
const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const fixtures = join(root, 'apps/fleet/test/boundaries');
const { forbidden } = require(join(root, '.dependency-cruiser.cjs')) as {
  forbidden: { name: string }[];
};

/** The rules that a tree of files breaks, as dependency-cruiser reports them. */
async function brokenRules(tree: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
      '--config',
      join(root, '.dependency-cruiser.cjs'),
      '--output-type',
      'json',
      '.',
    ],
    { cwd: join(fixtures, tree), maxBuffer: 16 * 1024 * 1024 },
  ).catch((failed: { stdout: string }) => failed);
  const report = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
  return report.summary.violations.map((violation) => violation.rule.name);
}

describe('dependency rules', () => {
  it('have a fixture each, and no fixture is without a rule', () => {
    expect(readdirSync(fixtures).sort()).toEqual(forbidden.map((rule) => rule.name).sort());
  });

  it.each(forbidden.map((rule) => rule.name))('%s is seen broken', async (name) => {
    expect(await brokenRules(name)).toContain(name);
  });
});
