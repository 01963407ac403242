// Tests that no test depends on the clock: a wait that is written by hand is a minute or longer, and nothing sleeps for a
// time or asserts on one. The limits are in lib/patience.mjs; waits that are not written by hand have them from
// vitest.config.ts and web/e2e/harness.ts.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './lib/command.mjs';
import { leastWait, waitFor, wholeTest } from './lib/patience.mjs';

/** Tests, and what they share. */
const isTest = (/** @type {string} */ file) =>
  /\.test\.(ts|tsx|mjs)$/.test(file) ||
  file.startsWith('web/e2e/') ||
  file === 'vitest.config.ts' ||
  /^scripts\/(test|lib\/(browser|patience|scenario-command))\.mjs$/.test(file) ||
  /^crate\/[^/]+\/(tests|(src\/(.*\/)?tests))(\/.*)?\.rs$/.test(file);

const folders = ['web/e2e', 'web/src', 'scripts', 'crate'];
const files = folders
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  )
  .concat('vitest.config.ts');

/** How many milliseconds each unit has. @type {Record<string, number>} */
const units = { from_secs: 1000, from_millis: 1, from_micros: 0.001, from_nanos: 0.000_001 };

/**
 * Says what is wrong with a line's use of the clock; nothing if that is fine.
 * @param {string} line
 */
function problem(line) {
  const number = (/** @type {string | undefined} */ text) => Number(text?.replaceAll('_', ''));
  // WASM_BINDGEN_TEST_TIMEOUT is in seconds, all else in milliseconds.
  const waits = [
    // { timeout: 15_000 }, testTimeout: 60_000, setDefaultTimeout(5000)
    .../timeout['"]?\s*[:=(]\s*['"]?([\d_]+)/gi[Symbol.matchAll](line),
    // test('…', async () => { … }, 30_000);
    .../^\s*\}?,? *([\d_]+),?\s*\);?$/g[Symbol.matchAll](line),
  ].map(([, wait]) => number(wait) * (/_TIMEOUT/.test(line) ? 1000 : 1));
  for (const [, unit, wait] of line.matchAll(/\b(from_\w+)\(([\d_]+)\)/g)) {
    if (unit !== undefined && unit in units) waits.push(number(wait) * (units[unit] ?? 1));
  }
  const short = waits.find((wait) => wait < leastWait);
  if (short !== undefined) return `waits for ${short} ms`;
  if (/waitForTimeout\(|\bsetTimeout\(|\bsetInterval\(|\bsleep\(\w*Duration/.test(line))
    return 'sleeps';
  if (/\.elapsed\(\)|Instant::now|SystemTime::now/.test(line)) return 'asks how long it took';
  return undefined;
}

test('no wait of a test is shorter than a minute, and none asks for the time', () => {
  const tests = files.filter((file) => isTest(file) && file !== 'scripts/patience.test.mjs');
  expect(tests.length).toBeGreaterThan(100);
  const problems = tests.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, at) => {
        const found = problem(line);
        return found === undefined ? [] : [`${file}:${at + 1} ${found}: ${line.trim()}`];
      }),
  );
  expect(problems).toEqual([]);
});

test.each([
  ['await expect.poll(() => seen(), { timeout: 15_000 }).toBe(true);', 'waits for 15000 ms'],
  ['  testTimeout: 5000,', 'waits for 5000 ms'],
  ['context.setDefaultTimeout(59_999);', 'waits for 59999 ms'],
  ['}, 30_000);', 'waits for 30000 ms'],
  ["env: { WASM_BINDGEN_TEST_TIMEOUT: '20' }", 'waits for 20000 ms'],
  ['rx.recv_timeout(Duration::from_secs(59))', 'waits for 59000 ms'],
  ['let limit = Duration::from_millis(500);', 'waits for 500 ms'],
  ['await page.waitForTimeout(300);', 'waits for 300 ms'],
  ['await new Promise((soon) => setTimeout(soon, wait));', 'sleeps'],
  ['assert!(begun.elapsed() < limit);', 'asks how long it took'],
  ['await expect.poll(() => seen(), { timeout: 60_000 }).toBe(true);', undefined],
  ["env: { WASM_BINDGEN_TEST_TIMEOUT: '300' }", undefined],
  ['let limit = Duration::from_secs(60);', undefined],
  ['expect(count).toBe(3);', undefined],
])('of %s it is said: %s', (line, expected) => {
  expect(problem(line)).toBe(expected);
});

test('what is not written by hand waits longer than a minute, and a test longer than its waits', () => {
  expect(waitFor).toBeGreaterThan(leastWait);
  expect(wholeTest).toBeGreaterThan(2 * waitFor);
});

// Whether the configuration reaches the tests is seen on a wait that is longer than vitest's own.
test('a poll waits longer than vitest would by itself', async () => {
  let looks = 0;
  await expect.poll(() => ++looks, { interval: 150 }).toBe(10);
});
