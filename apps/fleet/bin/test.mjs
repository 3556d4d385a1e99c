import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node24, prepare, root } from './launch.mjs';

const PROJECTS = ['unit', 'int', 'journeys', 'faults'];
const OWN_OPTIONS = {
  // Integration tests mostly wait for a server.
  int: ['--maxWorkers', '3'],
  // What is killed, flooded and measured has the machine to itself: two at once would measure each other.
  faults: ['--runInBand'],
};

const HELP = `npm test [-- [${PROJECTS.join('|')}]… [path]… [jest option]…]

  npm test                            everything; of what takes long a part a day (npm run complete)
  npm test -- unit                    one kind of test
  npm test -- int libs/messaging      of one directory
  npm test -- unit -t 'order total'   by name
`;

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(HELP);
} else {
  process.exitCode = await testAll(args).catch((error) => {
    console.error(error.message);
    return 1;
  });
}

/** The bench, for its zeros, in every run; of the other faults, which take a minute each, a part a day. */
async function faultsOfToday() {
  const { sample } = await import('../../../libs/testing/dist/sample.js');
  const others = ['api-keys', 'bad-days', 'crash-points', 'failover', 'races'];
  const names = ['bench', ...sample('faults', others, 3)];
  return names.map((name) => `apps/fleet/test/faults/${name}`);
}

async function testAll(args) {
  const selected = PROJECTS.filter((project) => args.includes(project));
  const projects = selected.length > 0 ? selected : PROJECTS;
  const rest = args.filter((argument) => !PROJECTS.includes(argument));
  // Ctrl-C reaches jest as well, being in the foreground with us: we stay to clean up behind it.
  let interrupted = false;
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => (interrupted = true));

  await prepare();
  const runs = [];
  try {
    for (const project of projects) {
      if (!interrupted) runs.push(await runProject(project, rest));
    }
  } finally {
    const { endAbandonedTestRuns } = await import('../../../libs/testing/jest/test-runs.mjs');
    await endAbandonedTestRuns();
  }
  return summarise(runs, interrupted);
}

/** Runs one project's tests; resolves to `{ project, seconds, passed, failed: [name], skipped }`. */
async function runProject(project, rest) {
  const directory = mkdtempSync(join(tmpdir(), 'flotilla-results-'));
  const results = join(directory, 'results.json');
  const started = Date.now();
  const code = await jest(project, rest, results);
  const seconds = (Date.now() - started) / 1000;
  const counts = existsSync(results)
    ? JSON.parse(readFileSync(results, 'utf8'))
    : { passed: 0, failed: [], skipped: 0 };
  rmSync(directory, { recursive: true });
  if (code !== 0 && counts.failed.length === 0) counts.failed.push(`jest itself (${code})`);
  return { project, seconds, ...counts };
}

async function jest(project, rest, results) {
  const options = [
    '--disable-warning=ExperimentalWarning',
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    ...['--selectProjects', project],
    ...['--reporters', '<rootDir>/libs/testing/jest/reporter.mjs'],
    '--passWithNoTests',
    '--ci',
    ...(OWN_OPTIONS[project] ?? []),
    ...(project === 'faults' && rest.length === 0 ? await faultsOfToday() : rest),
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(node24(), options, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, FLOTILLA_TEST_RESULTS: results },
    });
    process.once('SIGTERM', () => child.kill());
    child.once('error', reject);
    child.once('exit', (code, killedBy) => resolve(code ?? killedBy));
  });
}

/** Prints the one summary; resolves to the exit code. */
function summarise(runs, interrupted) {
  console.log();
  for (const { project, seconds, passed, failed } of runs) {
    const line = [project.padEnd(9), String(passed + failed.length).padStart(5), 'tests'];
    console.log(...line, `${seconds.toFixed(1).padStart(6)} s`);
  }
  for (const { project, failed } of runs) {
    for (const name of failed) console.log(`failed: ${project} ${name}`);
  }
  if (interrupted) console.log('interrupted');
  const total = (count) => runs.reduce((sum, run) => sum + count(run), 0);
  const passed = total((run) => run.passed);
  const failed = total((run) => run.failed.length);
  const skipped = total((run) => run.skipped);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return interrupted || failed > 0 || passed === 0 ? 1 : 0;
}
