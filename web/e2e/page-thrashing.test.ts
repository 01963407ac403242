// The picture of thrashing: the scenario's program in more and more processes on one memory.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import { forkAndWrite, openScenario, savedBytes, withScript } from './page-kit.ts';

const site = useSite();

const rounds = {
  ...withScript(
    { op: 'spawn', as: 'p', pages: 16 },
    { op: 'run', process: 'p', pattern: 'sequential', accesses: 256, writes: 1 },
  ),
  title: 'Rounds',
  machine: { frames: 24, policy: 'fifo' as const },
};

/** A minute and more: the module is fetched, and machines run, while other tests do. */
const PATIENCE = { timeout: 90_000 };

async function opened(page: Page) {
  await page.keyboard.press('Shift+K');
  return page.locator('[data-dialog="thrashing"]');
}

test('s6 thrashing is shown with its knee, its numbers and its machines', async () => {
  const page = await openScenario(site, rounds);
  const dialog = await opened(page);
  const state = dialog.locator('.thrashing-state');
  await expect.poll(() => state.textContent(), PATIENCE).toMatch(/measured…|knee/);
  await dialog.locator('input[name="processes"]').fill('6');
  await dialog.locator('button[type="submit"]').click();
  const rows = dialog.locator('tbody tr');
  await expect.poll(() => rows.count(), PATIENCE).toBe(6);
  await expect
    .poll(() => state.textContent(), PATIENCE)
    .toMatch(
      /^Rounds: 16 pages and 256 accesses in each process, 73 frames for all The knee is at [34] processes/,
    );
  expect(await dialog.locator('tbody tr[aria-current="true"]').count()).toBe(1);
  for (const kind of ['work', 'use', 'faults']) {
    const picture = dialog.locator(`[data-thrashing="${kind}"]`);
    expect(await picture.locator('canvas').getAttribute('aria-label'), kind).toContain('Rounds');
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      picture.locator(`[data-save-drawing="${kind}"]`).click(),
    ]);
    expect((await savedBytes(saved)).toString(), kind).toMatch(/^<svg .*Rounds.*<\/svg>\n$/);
  }
  // With more memory all six have room.
  await dialog.locator('input[name="frames"]').fill('200');
  await dialog.locator('button[type="submit"]').click();
  await expect.poll(() => state.textContent(), PATIENCE).toContain('There is no knee');

  await dialog.locator('[data-processes="5"]').click();
  await expect.poll(() => page.locator('dialog').count()).toBe(0);
  await expect.poll(() => page.locator('.line').count()).toBe(6);
  expect(await page.title()).toContain('Rounds, in 5 processes at the same time');
}, 300_000);

test('s6 a scenario without a program shows thrashing of another, which is stopped at once', async () => {
  const page = await openScenario(site, forkAndWrite);
  const dialog = await opened(page);
  const state = dialog.locator('.thrashing-state');
  await expect.poll(() => state.textContent(), PATIENCE).toContain('this is another one');
  await dialog.locator('button', { hasText: 'Stop' }).click();
  await expect.poll(() => state.textContent(), PATIENCE).toMatch(/knee/);
  expect(await dialog.locator('tbody tr').count()).toBeLessThan(20);
  await dialog.locator('input[name="frames"]').fill('30');
  await dialog.locator('button[type="submit"]').click();
  await expect
    .poll(() => state.textContent(), PATIENCE)
    .toContain('30 frames are too few for the page tables of 20 processes');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.locator('dialog').count()).toBe(0);
}, 300_000);

test('s6 the picture of thrashing is opened from the other pictures, and a click in it makes a machine', async () => {
  const string = [0, 1, 2, 3, 0, 1, 2, 3] as [number, ...number[]];
  const page = await openScenario(site, {
    ...withScript(
      { op: 'spawn', as: 'p', pages: 4 },
      { op: 'run', process: 'p', pattern: { pages: string } },
    ),
    machine: { reads: 'allocate' as const },
  });
  await page.keyboard.press('Shift+A');
  await page.locator('[data-open="thrashing"]').click();
  const dialog = page.locator('[data-dialog="thrashing"]');
  await expect
    .poll(() => dialog.locator('.thrashing-state').textContent(), PATIENCE)
    .toMatch(/4 pages and 64 accesses in each process.*knee/);
  const layer = dialog.locator('[data-thrashing="work"] .thrashing-layer');
  const box = await layer.boundingBox();
  if (box === null) throw new Error('the chart is not shown');
  // At the left end of its axis is one process.
  await layer.click({ position: { x: 48, y: box.height / 2 } });
  await expect.poll(() => page.locator('dialog').count()).toBe(0);
  await expect.poll(() => page.locator('.line').count()).toBe(2);
}, 300_000);
