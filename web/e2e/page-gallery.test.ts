// The presets: they stand in groups, are found by words, and every guided experiment opens from them, runs, and holds.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { encode } from '../src/share/codec.ts';
import { expectErrors, useSite } from './harness.ts';
import { press, settled } from './page-kit.ts';

const site = useSite();
const folder = resolve(import.meta.dirname, '../../scenarios');
const read = (path: string) => JSON.parse(readFileSync(resolve(folder, `${path}.json`), 'utf8'));
const groups: { group: string; scenarios: string[] }[] = read('gallery/catalogue');
const guided = groups.find(({ group }) => group === 'guided')?.scenarios ?? [];
const nameOf = (path: string) => path.replace(/^.*\//, '');

/** Opens a preset from the dialog. */
async function openPreset(page: Page, name: string): Promise<void> {
  await press(page, 'presets');
  await page.locator(`[data-preset="${name}"]`).click();
  await page.locator('dialog').waitFor({ state: 'detached' });
}

async function anyPage(): Promise<Page> {
  const page = await site.open(await encode(JSON.stringify({ faultline: 1, script: [] })));
  await page.locator('[data-status="ready"]').waitFor();
  return page;
}

test.each(guided)(
  'w2 a12 %s opens at its beginning, and all that it expects holds',
  async (path) => {
    const scenario: Scenario = read(path);
    const page = await anyPage();
    await openPreset(page, nameOf(path));
    await settled(page, 0);
    expect(await page.locator('.scenario-title').textContent()).toBe(scenario.title);
    expect(await page.locator('.lesson-about').textContent()).toBe(scenario.about);
    const first = scenario.script?.find(({ question }) => question !== undefined)?.question;
    expect(await page.locator('[data-question="open"]').textContent()).toContain(first?.ask);
    await page.keyboard.press('9');
    await settled(page, scenario.script?.length ?? 0);
    expect(await page.locator('.line.failed').count()).toBe(0);
  },
);

test('w1 a24 presets stand in groups with pictures, easiest first, and are found by words', async () => {
  const page = await anyPage();
  await press(page, 'presets');
  const dialog = page.locator('[data-dialog="presets"]');
  const shown = () =>
    dialog.locator('[data-group]').evaluateAll((all) => all.map((one) => one.dataset.group));
  expect(await shown()).toEqual(['start', 'guided', 'textbook', 'machines', 'experiments', 'bugs']);
  const names = await dialog
    .locator('[data-preset]')
    .evaluateAll((all) => all.map((one) => one.dataset.preset));
  expect(names[0]).toBe('first-visit');
  expect(names.indexOf('demand-zero')).toBeLessThan(names.indexOf('notes-machine'));
  expect(await dialog.locator('.preset .thumbnail').count()).toBe(names.length);
  const lanes = dialog.locator('[data-preset="last-sharer"] .thumbnail-lanes');
  expect((await lanes.getAttribute('d'))?.match(/H/g)).toHaveLength(4);
  expect(await dialog.textContent()).not.toMatch(/\bnotes['’]/i);

  await dialog.locator('.preset-search').fill('belady');
  await expect.poll(shown).toEqual(['guided']);
  expect(await dialog.locator('[data-preset]').count()).toBe(1);
  await dialog.locator('.preset-search').fill('no such preset');
  await expect.poll(shown).toEqual([]);
  expect(await dialog.locator('[role="status"]').isVisible()).toBe(true);
});

test('w1 a24 an experiment compares its two sides with one press', async () => {
  const page = await anyPage();
  await press(page, 'presets');
  await page.locator('[data-rung="free-lists"] [data-rung-compare]').click();
  const dialog = page.locator('[data-dialog="compare"]');
  await dialog.locator('[data-change="/machine/free_lists"]').waitFor();
  await dialog.locator('[data-rows="different"] [data-field]').first().waitFor();
});

test('b a bug says what to look for, opens at its beginning, and is found by its own schedule', async () => {
  // The engine's own check ends the machine.
  expectErrors();
  const page = await anyPage();
  await openPreset(page, 'stale-transition');
  await settled(page, 0);
  expect(await page.locator('.lesson summary').textContent()).toBe('What to look for');
  await page.keyboard.press('9');
  const notice = page.locator('[data-notice="failure"]');
  await expect.poll(() => notice.textContent()).toContain('is on no list');
});
