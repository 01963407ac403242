import { expect, test } from 'vitest';
import { browserTable } from './browser-table.mjs';

/** @param {string} browser @param {string} title @param {string} status @param {object} [meta] */
const result = (browser, title, status, meta = {}) => ({
  ancestorTitles: [browser, 'the page'],
  title,
  status,
  meta,
});

test('the table has a column for each browser, and says of each behaviour whether it is right', () => {
  const lines = browserTable([
    result('Chromium', 'w6 a first visit', 'passed', { version: '156' }),
    result('Chromium', 'r1 threads', 'failed'),
    result('Firefox', 'w6 a first visit', 'skipped'),
    result('Firefox', 'r1 threads', 'skipped'),
    result('WebKitGTK', 'w6 a first visit', 'passed', { version: '2.50' }),
    result('WebKitGTK', 'r1 threads', 'passed', { told: 'off, says why' }),
  ]);
  expect(lines).toEqual([
    'behaviour      Chromium  Firefox     WebKitGTK',
    '               156       not tested  2.50',
    'a first visit  yes       –           yes',
    'threads        NO        –           off, says why',
  ]);
});
