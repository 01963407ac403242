// What the page says under failure is true: of faults, of numbers that are not legal, of names, and of a machine that
// cannot go on.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import {
  counter,
  lines,
  openPanel,
  openScenario,
  press,
  sentences,
  settled,
  withScript,
} from './page-kit.ts';

const site = useSite();

const begun = withScript(
  { op: 'spawn', as: 'init', pages: 64 },
  { op: 'write', process: 'init', page: 3, value: 7 },
  { op: 'write', process: 'init', page: 4, value: 7 },
);

test('a6 and a8: quick keys give every process a name of its own, and no fault is forgotten', async () => {
  const page = await openScenario(site, begun);
  expect(await counter(page, 'faults')).toBe(2);
  // At once, so that all but the first wait however fast the engine is.
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        new MutationObserver((_, observer) => {
          if (document.querySelector('[data-waiting]') === null) return;
          observer.disconnect();
          resolve();
        }).observe(document.body, { attributes: true, childList: true, subtree: true });
        for (let at = 0; at < 8; at++) {
          for (const key of ['s', 'f']) {
            document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
          }
        }
      }),
  );
  await settled(page, 19);
  const said = await sentences(page);
  expect(said.filter((sentence) => /Refused|Failed/.test(sentence))).toEqual([]);
  const names = (await lines(page)).filter((line) => line.startsWith('spawn'));
  expect(new Set(names).size).toBe(9);
  expect(await page.locator('[data-waiting]').count()).toBe(0);
  expect(await counter(page, 'faults')).toBe(2);
  await openPanel(page, 'faults');
  await expect.poll(() => page.locator('.fault-list [data-fault]').count()).toBe(2);
  // Back and forward again, over a part of the run that is put back from a checkpoint.
  await page.keyboard.press('u');
  await settled(page, 18);
  await expect.poll(() => page.locator('.fault-list [data-fault]').count()).toBe(2);
  await page.keyboard.press('0');
  await settled(page, 0);
  await expect.poll(() => page.locator('[data-no-faults="0"]').count()).toBeGreaterThan(0);
});

test('a6 on threads “No fault yet.” does not stand beside faults that are counted', async () => {
  const page = await openScenario(site, {
    ...begun,
    runtime: { kind: 'threads' },
    script: [
      { op: 'spawn', as: 'init', pages: 128 },
      { op: 'run', process: 'init', pattern: 'uniform', accesses: 20_000, writes: 0.5, cpus: 2 },
    ],
  });
  await expect.poll(() => counter(page, 'faults')).toBeGreaterThan(100);
  await expect.poll(() => page.locator('[data-no-faults="0"]').count()).toBe(0);
  expect(await page.getByText('No fault yet.').count()).toBe(0);
});

test('a7 a number that is not legal is marked with its range, and neither button nor key runs anything', async () => {
  const page = await openScenario(site, begun);
  const field = page.locator('.panel-actions [name="page"]');
  await field.fill('5000');
  await field.press('Enter');
  expect(await field.inputValue()).toBe('5000');
  const range = page.locator('.panel-actions .field-range');
  expect(await range.textContent()).toBe('0 to 63');
  expect(await page.locator('[data-command="write"]').first().isDisabled()).toBe(true);
  await page.keyboard.press('w');
  await field.fill('63');
  await field.press('Enter');
  expect(await range.count()).toBe(0);
  await page.keyboard.press('w');
  await settled(page, 4);
  expect((await lines(page)).at(-1)).toMatch(/^write init · page 63/);
});

test('a18 failed lines are counted beside the status, and shown', async () => {
  const page = await openScenario(
    site,
    withScript(
      { op: 'spawn', as: 'init', pages: 64 },
      { op: 'expect', counter: 'copies', equals: 3 },
      { op: 'write', process: 'init', page: 3, value: 7 },
    ),
  );
  const pill = page.locator('[data-failed="1"]');
  expect(await pill.textContent()).toBe('1 line failed · show');
  await pill.click();
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.closest('.line')?.className ?? ''))
    .toMatch(/failed/);
  await page.keyboard.press('0');
  await settled(page, 0);
  expect(await page.locator('[data-failed]').count()).toBe(0);
});

test('a18 a machine that is out of room says why, and what would free it does', async () => {
  const page = await openScenario(site, {
    ...withScript(
      { op: 'spawn', as: 'init', pages: 64 },
      {
        op: 'run',
        process: 'init',
        pattern: 'sequential',
        accesses: 64,
        writes: 1,
        may_fail: ['out-of-memory', 'out-of-swap'],
      },
    ),
    machine: { frames: 16, slots: 8, cpus: 1 },
  });
  const notice = page.locator('[data-notice="stuck"]');
  await notice.waitFor();
  expect(await notice.getAttribute('data-why')).toBe('swap-full');
  expect(await notice.textContent()).toMatch(/All 8 slots are in use, so \d+ frames? /);
  // Twice the slots are not enough; twice as often they are.
  await notice.locator('[data-remedy="slots"]').click();
  await expect.poll(() => page.locator('.summary').textContent()).toMatch(/16 slots/);
  await settled(page, 2);
  await notice.locator('[data-remedy="kill"]').click();
  await settled(page, 3);
  await expect.poll(() => notice.count()).toBe(0);
  expect((await lines(page)).at(-1)).toBe('kill init');
});

test('a22 with a deliberate bug on the script tells what happened, and a finding leads to its cell', async () => {
  const file = resolve(import.meta.dirname, '../../scenarios/bugs/sharer-forgotten.json');
  const page = await openScenario(site, JSON.parse(readFileSync(file, 'utf8')));
  const said = await sentences(page);
  // The parent still maps the frame: nobody may say that it is free, or unmapped in every sharer.
  expect(said.slice(0, 4).join(' ')).not.toMatch(/every sharer|is free[;.]|shares every page/);
  expect(said[3]).toMatch(/^Counted: .*1 write to swap\. Page 0 of child is in slot \d+/);
  expect(said[4]).toMatch(/^The audit failed: Page 0 of parent still refers to frame \d+, but/);
  const notice = page.locator('[data-notice="bugs"]');
  expect(await notice.textContent()).toContain('eviction forgets one sharer');
  const findings = await notice.locator('[data-finding]').allTextContents();
  expect(new Set(findings).size).toBe(findings.length);
  await notice.locator('[data-finding="page"] button').first().click();
  await expect
    .poll(() => page.locator('.panel-inspector').textContent())
    .toMatch(/Page 0 of parent/);
  await press(page, 'check');
  const report = page.locator('[data-dialog="report"] .report');
  await report.waitFor();
  const told = await report.locator('[data-finding]').allTextContents();
  expect(new Set(told).size).toBe(told.length);
  expect(told.length).toBeGreaterThan(0);
});
