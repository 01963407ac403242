// W2: workloads from their dialog: phases, a recorded program, and what the engine refuses.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import { classroom, counter, openScenario, settled, withScript } from './page-kit.ts';

const site = useSite();
const spawned = withScript({ op: 'spawn', as: 'init', pages: 300 });

async function openRun(page: Page) {
  await page.keyboard.press('g');
  return page.locator('[data-dialog="run"]');
}

const run = (page: Page) => page.locator('[data-dialog="run"] button[type="submit"]').click();

test('w2 a workload in phases is a line of the script, and each phase does its part', async () => {
  const page = await openScenario(site, spawned);
  const dialog = await openRun(page);
  await dialog.locator('select[name="pattern"]').selectOption('phases');
  await dialog.locator('[data-phase="add"]').click();
  const phase = (at: number) => dialog.locator(`li[data-phase="${at}"]`);
  for (const [at, accesses] of [100, 200, 300].entries()) {
    await phase(at).locator('[name="phase-accesses"]').fill(String(accesses));
  }
  await phase(0).locator('[name="phase-writes"]').fill('1');
  await phase(0).locator('[name="phase-last"]').fill('99');
  await phase(2).locator('select[name="pattern"]').selectOption('stride');
  await phase(2).locator('[name="stride"]').fill('3');
  await phase(1).getByRole('button').click();
  await dialog.locator('[name="accesses"]').fill('400');
  const said = await dialog.locator('.run-line').textContent();
  expect(said).toContain('phases');
  await run(page);
  await settled(page, 2);
  expect(await page.locator('.line.failed').count()).toBe(0);
  expect(await counter(page, 'accesses')).toBe(400);
  // The first phase wrote each of the first hundred pages.
  expect(await counter(page, 'demand_zero')).toBeGreaterThanOrEqual(100);
  await page.keyboard.press('j');
  const text = await page.locator('[data-dialog="edit"] textarea').inputValue();
  expect(JSON.parse(text).script[1].pattern).toEqual({
    phases: [
      { pattern: 'sequential', accesses: 100, writes: 1, pages: [0, 100] },
      { pattern: { stride: 3 }, accesses: 300 },
    ],
  });
});

test('w2 a recorded program runs on a machine that was built without it', async () => {
  const page = await openScenario(site, {
    ...spawned,
    machine: { ...classroom.machine, slots: 1024 },
  });
  const dialog = await openRun(page);
  await dialog.locator('select[name="pattern"]').selectOption('trace');
  await dialog.locator('select[name="trace"]').selectOption('sort');
  await dialog.locator('[name="cpus"]').fill('1');
  await run(page);
  await settled(page, 2);
  expect(await page.locator('.line.failed').count()).toBe(0);
  expect(await counter(page, 'accesses')).toBe(143_891);
  // It is there from now on: taken back and done again, the counts are the same.
  await page.keyboard.press('u');
  await settled(page, 1);
  await page.keyboard.press('Shift+U');
  await settled(page, 2);
  expect(await counter(page, 'accesses')).toBe(143_891);
});

test('w2 a workload that the engine refuses is told where it is wrong, and is not run', async () => {
  const page = await openScenario(site, spawned);
  const dialog = await openRun(page);
  await dialog.locator('[name="cpus"]').fill('3');
  await run(page);
  const facts = dialog.locator('[data-notice="problem"] dd');
  await expect.poll(() => facts.first().textContent()).toBe('Line 2: CPUs');
  expect(await facts.nth(1).textContent()).toBe('3');
  expect(await facts.nth(2).textContent()).toMatch(/1 to 2/);
  expect(await dialog.locator('[name="cpus"]').getAttribute('aria-invalid')).toBe('true');
  expect(await page.locator('.line').count()).toBe(1);
  await dialog.locator('[name="cpus"]').fill('2');
  await run(page);
  await settled(page, 2);
});
