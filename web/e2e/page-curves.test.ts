// Miss ratio curves of what a scenario replays: as a chart and a table, and a size that the machine is given.

import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import {
  counter,
  forkAndWrite,
  openScenario,
  savedBytes,
  settled,
  withScript,
} from './page-kit.ts';

const site = useSite();

/** Belady's string, as textbooks have it. */
const belady = {
  ...withScript(
    { op: 'spawn', as: 'p', pages: 5 },
    { op: 'run', process: 'p', pattern: { pages: [0, 1, 2, 3, 0, 1, 4, 0, 1, 2, 3, 4] } },
  ),
  machine: {
    ...{ data_frames: 3, slots: 16, cpus: 1, policy: 'fifo' as const },
    ...{ reads: 'allocate' as const, eviction: 'synchronous' as const, zeroer: false },
  },
};

test('s6 the curves of a reference string are a table, and a size that is chosen is the machine’s', async () => {
  const page = await openScenario(site, belady);
  expect(await counter(page, 'faults')).toBe(9);
  await page.keyboard.press('Shift+C');
  const dialog = page.locator('[data-dialog="curves"]');
  const row = (size: number) => dialog.locator(`tr:has([data-size="${size}"]) td`);
  // FIFO has its anomaly: 9 faults in three frames, and 10 in four. The optimal policy has 7 and 6.
  await expect.poll(() => row(3).allTextContents()).toHaveLength(7);
  const [three, four] = [await row(3).allTextContents(), await row(4).allTextContents()];
  expect([three[0], three[6]]).toEqual(['9', '7']);
  expect([four[0], four[6]]).toEqual(['10', '6']);
  expect(await dialog.locator('tr[aria-current]').textContent()).toMatch(/^3now/);
  await dialog.locator('.curves-chart canvas').waitFor();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    dialog.locator('[data-save-drawing="curves"]').click(),
  ]);
  const svg = (await savedBytes(saved)).toString();
  expect(svg).toMatch(/^<svg .*Miss ratio curves: p</);
  expect(svg).toContain('>OPT</text>');
  expect(svg).toContain('>frames for data</text>');
  await dialog.locator('[name="opt"]').uncheck();
  await expect.poll(() => row(3).count()).toBe(6);

  await dialog.locator('[data-size="4"]').click();
  await expect.poll(() => dialog.locator('tr[aria-current]').textContent()).toMatch(/^4now/);
  await page.keyboard.press('Escape');
  await settled(page, 2);
  expect(await counter(page, 'faults')).toBe(10);
  await page.keyboard.press('u');
  await settled(page, 2);
  expect(await counter(page, 'faults')).toBe(9);
});

test('s6 a trace that comes with the page has curves, and what replays nothing has none', async () => {
  // A short one, which one worker counts, and a long one, which several divide among them.
  for (const [trace, pages, references] of [
    ['sort', 231, '143,891'],
    ['query', 649, '420,117'],
  ] as const) {
    const page = await openScenario(site, {
      ...withScript(
        { op: 'spawn', as: 'p', pages },
        { op: 'run', process: 'p', pattern: { trace }, accesses: 1000 },
      ),
      machine: { data_frames: 93, slots: 1024, cpus: 1 },
    });
    await page.keyboard.press('Shift+C');
    const dialog = page.locator('[data-dialog="curves"]');
    await expect.poll(() => dialog.locator('thead th').count()).toBe(8);
    const state = dialog.locator('.curves-state');
    await expect.poll(() => state.textContent()).not.toContain('Counting');
    expect(await state.textContent()).toContain(`${trace}: ${references} references`);
    expect(await dialog.locator('tr[aria-current]').textContent()).toMatch(/^93now/);
    expect(await dialog.locator('[data-size]').count()).toBeGreaterThan(15);
    // No policy faults less than the optimal one.
    const rows = await dialog
      .locator('tbody tr')
      .evaluateAll((all) =>
        all.map((one) =>
          [...one.querySelectorAll('td')].map((cell) =>
            Number.parseFloat(cell.textContent.replace('<', '')),
          ),
        ),
      );
    for (const row of rows) expect(row[6]).toBe(Math.min(...row));
  }

  const other = await openScenario(site, forkAndWrite);
  await other.keyboard.press('Shift+C');
  expect(await other.locator('dialog').count()).toBe(0);
});
