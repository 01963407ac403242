// The gallery: every exhibit opens from the dialog, runs, and shows what its words say.

import { expect, test } from 'vitest';
import gallery from '../../scenarios/gallery/gallery.json' with { type: 'json' };
import { expectErrors, useSite } from './harness.ts';
import { press } from './page-kit.ts';

const site = useSite();
const nameOf = (file: string) => file.replace(/^.*\//, '').replace(/\.json$/, '');

test.each(gallery.filter(({ scenario }) => scenario.startsWith('gallery/')))(
  'w2 $scenario opens from the gallery, and all that it expects holds',
  async ({ scenario, find }) => {
    const page = await site.open();
    await page.waitForSelector('[data-status="ready"]');
    await press(page, 'presets');
    const exhibit = page.locator(`[data-preset="${nameOf(scenario)}"]`);
    expect(await exhibit.locator('.preset-find').textContent()).toBe(find);
    await exhibit.click();
    await page.waitForFunction(
      () =>
        document.querySelector('[data-status="ready"]') !== null &&
        document.querySelector('.line') !== null &&
        document.querySelector('.line:not(.done)') === null,
    );
    expect(await page.locator('.line.failed').count()).toBe(0);
  },
);

test('w2 the words of an exhibit stay beside it, through changes, and fold away', async () => {
  const page = await site.open();
  await page.locator('[data-status="ready"]').waitFor();
  expect(await page.locator('[data-notice="exhibit"]').count()).toBe(0);
  await press(page, 'presets');
  await page.locator('[data-preset="who-copies"]').click();
  const note = page.locator('[data-notice="exhibit"]');
  await note.waitFor();
  const exhibit = gallery.find(({ scenario }) => nameOf(scenario) === 'who-copies');
  expect(await note.locator('p').allTextContents()).toEqual([
    exhibit?.about.join(' '),
    exhibit?.find,
  ]);
  await page.locator('[data-status="ready"]').waitFor();
  await page.keyboard.press('s');
  await expect.poll(() => page.locator('.line').filter({ hasText: 'init' }).count()).toBe(1);
  expect(await note.locator('.exhibit-find').isVisible()).toBe(true);
  await note.locator('summary').click();
  expect(await note.locator('.exhibit-find').isVisible()).toBe(false);
  await press(page, 'presets');
  await page.locator('[data-preset="fork-write"]').click();
  await note.waitFor({ state: 'detached' });
});

test('b a mistake opens from the gallery by its own schedule, and is found', async () => {
  // The engine's own check ends the machine.
  expectErrors();
  const page = await site.open();
  await page.waitForSelector('[data-status="ready"]');
  await press(page, 'presets');
  await page.locator('[data-preset="stale-transition"]').click();
  const notice = page.locator('[data-notice="failure"]');
  await expect.poll(() => notice.textContent()).toContain('is on no list');
});
