import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** One line per test file, failures in full, and the counts in the file that FLOTILLA_TEST_RESULTS names. */
export default class Reporter {
  constructor(globalConfig) {
    this.root = globalConfig.rootDir;
  }

  onTestResult({ context, path }, result) {
    const { numPassingTests, failureMessage, perfStats } = result;
    const project = context.config.displayName.name;
    const name = `${project} ${relative(this.root, path)}`;
    const seconds = (perfStats.runtime / 1000).toFixed(1);
    console.log(`${failureMessage ? 'FAIL' : 'pass'} ${name} (${numPassingTests}, ${seconds} s)`);
    for (const entry of result.console ?? []) console.log(`  ${entry.type}: ${entry.message}`);
    if (failureMessage) console.log(failureMessage);
  }

  onRunComplete(_contexts, results) {
    const failed = results.testResults.flatMap(({ testFilePath, testResults, testExecError }) => {
      const file = relative(this.root, testFilePath);
      const tests = testResults.filter(({ status }) => status === 'failed');
      const names = tests.map(({ fullName }) => `${file} › ${fullName}`);
      return testExecError && tests.length === 0 ? [file] : names;
    });
    const counts = {
      passed: results.numPassedTests,
      failed,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(process.env.FLOTILLA_TEST_RESULTS, JSON.stringify(counts));
  }
}
