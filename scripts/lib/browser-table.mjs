// Makes of the report of the tests in each browser (web/browsers) one table: browsers by behaviours.

import { readFileSync } from 'node:fs';
import { cureFor, otherBrowsers } from './other-browsers.mjs';

/**
 * @typedef {object} Result
 * @property {string[]} ancestorTitles first the browser
 * @property {string} title
 * @property {string} status
 * @property {{told?: string, version?: string}} [meta]
 */

/** What the table says of a test. @param {Result | undefined} result */
function cell(result) {
  if (result?.status === 'passed') return result.meta?.told ?? 'yes';
  return result?.status === 'failed' ? 'NO' : '–';
}

/**
 * The table as lines of equal columns. A test begins with the number of its requirement, which is left out here.
 * @param {Result[]} results
 */
export function browserTable(results) {
  const browsers = [...new Set(results.map(({ ancestorTitles }) => ancestorTitles[0] ?? ''))];
  const titles = [...new Set(results.map(({ title }) => title))];
  const of = (/** @type {string} */ browser, /** @type {string} */ title) =>
    results.find((one) => one.title === title && one.ancestorTitles[0] === browser);
  const versions = browsers.map(
    (browser) =>
      results.find((one) => one.ancestorTitles[0] === browser && one.meta?.version)?.meta?.version,
  );
  const rows = [
    ['behaviour', ...browsers],
    ['', ...versions.map((version) => version ?? 'not tested')],
    ...titles.map((title) => [
      title.replace(/^[a-z]\d+ /, ''),
      ...browsers.map((browser) => cell(of(browser, title))),
    ]),
  ];
  const widths = browsers
    .concat('')
    .map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((words, column) => words.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** The table of a report, and how the browsers are had that are not there. @param {string} file as vitest writes it */
export function browserTableOf(file) {
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
  const results = /** @type {{assertionResults: Result[]}[]} */ (testResults).flatMap(
    ({ assertionResults }) => assertionResults,
  );
  const missing = otherBrowsers.filter(({ find }) => find() === null);
  const cures = missing.map(
    (browser) => `${browser.name} is not installed; to test it: ${cureFor(browser)}`,
  );
  return [...browserTable(results), ...cures].join('\n');
}
