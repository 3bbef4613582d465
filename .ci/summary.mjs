// Prints `tests: N passed, N failed` for a report of vitest's json reporter.
//   node summary.mjs REPORT EXIT_STATUS
import { existsSync, readFileSync } from 'node:fs';

const [report, status] = process.argv.slice(2);
const { numPassedTests, numFailedTests, numPendingTests, testResults } = existsSync(report)
  ? JSON.parse(readFileSync(report, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, testResults: [] };

// A file that could not even be loaded holds no failed test, yet it has failed.
const broken = testResults.filter(
  ({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
);
const counted = numFailedTests + broken.length;
// Whatever else made the run fail, such as an error outside of any test, is one failure.
const failed = counted === 0 && status !== '0' ? 1 : counted;
const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
console.log(`tests: ${numPassedTests} passed, ${failed} failed${skipped}`);
