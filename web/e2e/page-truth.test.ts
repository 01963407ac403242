// What the page says under failure is true: of faults, of numbers that are not legal, of names, and of a machine that
// cannot go on.

import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import { counter, lines, openScenario, sentences, settled, withScript } from './page-kit.ts';

const site = useSite();

const begun = withScript(
  { op: 'spawn', as: 'init', pages: 64 },
  { op: 'write', process: 'init', page: 3, value: 7 },
  { op: 'write', process: 'init', page: 4, value: 7 },
);

test('a6 and a8: quick keys give every process a name of its own, and no fault is forgotten', async () => {
  const page = await openScenario(site, begun);
  expect(await counter(page, 'faults')).toBe(2);
  const waiting = page.waitForSelector('[data-waiting]');
  for (let at = 0; at < 8; at++) {
    await page.keyboard.press('s');
    await page.keyboard.press('f');
  }
  await waiting;
  await settled(page, 19);
  const said = await sentences(page);
  expect(said.filter((sentence) => /Refused|Failed/.test(sentence))).toEqual([]);
  const names = (await lines(page)).filter((line) => line.startsWith('spawn'));
  expect(new Set(names).size).toBe(9);
  expect(await page.locator('[data-waiting]').count()).toBe(0);
  expect(await counter(page, 'faults')).toBe(2);
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
