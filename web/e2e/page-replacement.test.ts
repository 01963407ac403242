// Shows how pages are replaced: the policy's queue and the table of references by frames, as functions of the playhead.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Op, Scenario } from '../src/generated/types.d.ts';
import { encode } from '../src/share/codec.ts';
import { useSite } from './harness.ts';
import { openScenario, press, savedBytes, settled, withScript } from './page-kit.ts';

const site = useSite();

async function belady(): Promise<Scenario> {
  const path = resolve(import.meta.dirname, '../../scenarios/gallery/belady.json');
  return JSON.parse(await readFile(path, 'utf8'));
}

/** The table as its rows of words, empty cells as points. */
function rows(page: Page): Promise<string[]> {
  return page
    .locator('.matrix tr')
    .evaluateAll((all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent || '.').join(' ')),
    );
}

test('w3 the table of references is open where a scenario is about replacement, and grows and shrinks with the playhead', async () => {
  const page = await site.open(`${await encode(JSON.stringify(await belady()))}&lines=14`);
  await settled(page, 14);
  const table = page.locator('[data-matrix="12"]');
  await table.waitFor();
  const [pages, ...others] = await rows(page);
  expect(pages).toBe('page p1 p2 p3 p4 p1 p2 p5 p1 p2 p3 p4 p5');
  expect(others.at(-2)).toBe('fault F F F F F F F . . F F .');
  expect(others.at(-1)).toBe('evicted . . . p1 p2 p3 p4 . . p1 p2 .');
  expect(others).toHaveLength(3 + 2);
  for (let line = 13; line >= 4; line--) {
    await press(page, 'back');
    await settled(page, line);
    await page.locator(`[data-matrix="${line - 2}"]`).waitFor();
  }
  expect(await rows(page)).toContain('fault F F');
  for (let line = 5; line <= 12; line++) {
    await press(page, 'step');
    await settled(page, line);
    await page.locator(`[data-matrix="${line - 2}"]`).waitFor();
  }
  expect((await rows(page)).at(-2)).toBe('fault F F F F F F F . . F');
  // A column leads to where its reference begins.
  await page.locator('[data-reference="3"] button').first().click();
  await settled(page, 4);
  await page.locator('[data-matrix="3"]').waitFor();
});

test('w6 the table of references is saved as SVG and as text', async () => {
  const page = await site.open(`${await encode(JSON.stringify(await belady()))}&lines=14`);
  await settled(page, 14);
  const save = async (kind: string) => {
    const saved = page.waitForEvent('download');
    await page.locator(`[data-save-matrix="${kind}"]`).click();
    const download = await saved;
    return [download.suggestedFilename(), (await savedBytes(download)).toString()] as const;
  };
  const [textName, text] = await save('txt');
  expect(textName).toMatch(/references-of-init-by-frames\.txt$/);
  expect(text).toMatch(/^page +1 +2 +3 +4 +1 +2 +5 +1 +2 +3 +4 +5$/m);
  const [svgName, svg] = await save('svg');
  expect(svgName).toMatch(/\.svg$/);
  expect(svg.match(/>F</g)).toHaveLength(9);
});

/** A machine whose five frames for pages are taken, under a clock. */
const clock: Scenario = {
  ...withScript(
    { op: 'spawn', as: 'init', pages: 8 },
    ...[1, 2, 3, 4, 5].map((page): Op => ({ op: 'write', process: 'init', page, value: page })),
  ),
  machine: {
    frames: 8,
    slots: 16,
    cpus: 1,
    eviction: 'synchronous',
    policy: 'clock',
    zeroer: false,
  },
};

test('w3 the queue says which frame is evicted next, and that one is', async () => {
  const page = await openScenario(site, clock);
  const queue = page.locator('[data-queue="clock"]');
  await queue.locator('.queue-ring [data-hand]').waitFor({ state: 'attached' });
  const next = await queue.getAttribute('data-next');
  // Its twin in words has each frame that is drawn.
  const told = await queue.locator('[data-queued]').allTextContents();
  expect(told.filter((words) => /evicted next$/.test(words))).toEqual([
    expect.stringMatching(new RegExp(`^f${next}: p\\d of init`)),
  ]);
  const victim = /: p(\d)/.exec(told.find((words) => /evicted next/.test(words)) ?? '')?.[1];
  await page.locator('input[name="page"]').fill('7');
  await press(page, 'write');
  await settled(page, 7);
  await page.locator('[data-matrix="6"]').waitFor();
  expect((await rows(page)).at(-1)).toMatch(new RegExp(`p${victim}$`));
});

test('w1 the deck is as it was when a scenario that is not about replacement is opened', async () => {
  const page = await openScenario(site, clock);
  await page.locator('[data-tab="replacement"][aria-expanded="true"]').waitFor();
  expect(await page.locator('[data-tab][aria-expanded="true"]').count()).toBe(2);
  await press(page, 'presets');
  await page.locator('[data-preset="fork-write"]').click();
  await page.locator('[data-tab="replacement"][aria-expanded="false"]').waitFor();
  const open = page.locator('[data-tab][aria-expanded="true"]');
  expect(await open.evaluateAll((tabs) => tabs.map((tab) => tab.getAttribute('data-tab')))).toEqual(
    ['tape', 'counters'],
  );
});
