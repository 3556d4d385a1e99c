#!/usr/bin/env node
/**
 * `npm run check`: all that CI runs without Docker, in the order in which a mistake is cheapest to find.
 * `npm run check -- format lint` runs only those.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { node24, prepare } from './launch.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const PERMISSIVE = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PostgreSQL',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
];

/** Under the MPL, which is fine for a tool of the tests that is used as it is and shipped with nothing. */
const TEST_TOOLS = ['axe-core'];

const run = (command, ...args) =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;
const node = (script, ...args) => run(node24(), join('node_modules', script), ...args);

const steps = {
  format: () => node('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  lint: () => node('eslint/bin/eslint.js', '.', '--max-warnings', '0'),
  types: () => node('typescript7/bin/tsc', '-p', 'tsconfig.tests.json'),
  boundaries: () =>
    node('dependency-cruiser/bin/dependency-cruiser.mjs', '--output-type', 'err', 'apps', 'libs'),
  openapi: () =>
    run(node24(), 'apps/gateway/bin/openapi.mjs', '--check') &&
    run(node24(), 'libs/sdk/bin/types.mjs', '--check'),
  graphql: () => run(node24(), 'apps/gateway/bin/graphql.mjs', '--check'),
  'lock file': lockFileIsPortable,
  licences: () =>
    node(
      'license-checker-rseidelsohn/bin/license-checker-rseidelsohn.js',
      '--summary',
      '--excludePrivatePackages',
      '--excludePackagesStartingWith',
      TEST_TOOLS.join(';'),
      '--onlyAllow',
      PERMISSIVE.join(';'),
    ),
  audit,
  test: () => run(node24(), 'apps/fleet/bin/test.mjs'),
  'fresh clone': () => run(node24(), 'apps/fleet/bin/check-fresh-clone.mjs'),
};

/** Exact versions only, and no address of any one registry. */
function lockFileIsPortable() {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const addressed = Object.entries(lock.packages).filter(
    ([, entry]) => entry.resolved !== undefined && !entry.link,
  );
  for (const [path, entry] of addressed) console.error(`${path}: resolved ${entry.resolved}`);
  return addressed.length === 0;
}

/** Known vulnerabilities above moderate fail; a registry that answers no audits is said, not hidden. */
function audit() {
  const { status, stdout } = spawnSync(
    'npm',
    ['audit', '--audit=true', '--audit-level=high', '--json'],
    { cwd: root, encoding: 'utf8' },
  );
  let report;
  try {
    report = JSON.parse(stdout);
  } catch {
    report = { error: { summary: 'no answer' } };
  }
  if (report.error !== undefined || report.message !== undefined) {
    console.log('audit: not checked, the registry answers no audits here');
    return true;
  }
  if (status !== 0) console.error(JSON.stringify(report.metadata?.vulnerabilities));
  return status === 0;
}

await prepare({ quiet: false });
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(
    `check: no such step: ${unknown.join(', ')}. Steps: ${Object.keys(steps).join(', ')}`,
  );
  process.exit(2);
}
const failed = [];
for (const [name, step] of Object.entries(steps)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const started = Date.now();
  const ok = step();
  console.log(`${ok ? '✔' : '✘'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (!ok) failed.push(name);
}
console.log(failed.length === 0 ? 'check: all well' : `check: failed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
