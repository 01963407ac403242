// Counts tests in the output of test runners.

import { existsSync, readFileSync } from 'node:fs';
import { withoutColours } from './command.mjs';

/** @typedef {{passed: number, failed: number}} Totals */

/**
 * Reads the output of `cargo test` and `wasm-pack test`, which has one line of totals for each test binary.
 * @param {string} output
 * @returns {Totals}
 */
export function cargoTotals(output) {
  const totals = { passed: 0, failed: 0 };
  const lines = withoutColours(output).matchAll(
    /^test result: \w+\. (\d+) passed; (\d+) failed;/gm,
  );
  for (const [, passed, failed] of lines) {
    totals.passed += Number(passed);
    totals.failed += Number(failed);
  }
  return totals;
}

/**
 * Reads vitest's JSON report. A file that fails to load has no tests, and counts as one failure.
 * @param {string} file
 * @returns {Totals}
 */
export function vitestTotals(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const brokenFiles = report.testResults.filter(
    (/** @type {{status: string, assertionResults: unknown[]}} */ suite) =>
      suite.status === 'failed' && suite.assertionResults.length === 0,
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length };
}
