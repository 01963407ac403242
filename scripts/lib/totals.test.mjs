import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cargoTotals, vitestTotals } from './totals.mjs';

test('the totals of cargo are summed over its test binaries, coloured or not', () => {
  const output = [
    'running 3 tests',
    'test result: \u001b[32mok\u001b[0m. 3 passed; 0 failed; 1 ignored; 0 measured; finished in 0.1s',
    'test result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured; finished in 0.1s',
    'a program that prints test result: ok. 9 passed; 0 failed; in the middle of a line',
  ].join('\n');
  expect(cargoTotals(output)).toEqual({ passed: 8, failed: 2 });
});

test('a file that vitest cannot load is a failure', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-'));
  const file = join(folder, 'report.json');
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{}] },
  ];
  writeFileSync(file, JSON.stringify({ numPassedTests: 4, numFailedTests: 1, testResults }));
  expect(vitestTotals(file)).toEqual({ passed: 4, failed: 2 });
  rmSync(folder, { recursive: true });
});

test('no report is no result', () => {
  expect(vitestTotals('/nowhere/report.json')).toEqual({ passed: 0, failed: 0 });
});
