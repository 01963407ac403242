// P17: what somebody types from a textbook: a reference string in one line, and the textbook's number of faults.

import { expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { useSite } from './harness.ts';
import { counter, leaveDialog, openScenario, press, reportOf, settled } from './page-kit.ts';

const site = useSite();

const STRING = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1] as [
  number,
  ...number[],
];

const naive: Scenario = {
  faultline: 1,
  title: 'The smallest machine, defaults, LRU',
  machine: { frames: 8, policy: 'lru' },
  runtime: { kind: 'virtual', seed: 1 },
  script: [
    { op: 'spawn', as: 'p', pages: 8 },
    { op: 'run', process: 'p', pattern: { pages: STRING } },
    { op: 'expect', counter: 'faults', equals: 12 },
  ],
};

test('p17 a report says what stands between and runs the script on a textbook’s machine', async () => {
  const page = await openScenario(site, naive);
  expect((await reportOf(page)).ok).toBe(false);
  const offer = page.locator('.textbook-offer');
  await offer.waitFor();
  expect(await offer.textContent()).toContain('5 of the 8 frames are left for data');
  expect(await offer.textContent()).toContain('reads = allocate');
  await offer.locator('[data-textbook="run"]').click();
  await page.locator('dialog').waitFor({ state: 'detached' });
  expect((await reportOf(page)).ok).toBe(true);
  await leaveDialog(page);
  await settled(page, 3);
  expect(await counter(page, 'faults')).toBe(12);
  // The dialog of the machine says both: what the scenario says, and what that comes to.
  await press(page, 'machine');
  const option = (name: string) => page.locator(`[data-machine-option="${name}"] input`);
  expect(await option('data_frames').inputValue()).toBe('3');
  expect(await option('frames').getAttribute('placeholder')).toBe('6');
  await leaveDialog(page);
  // With another script as many frames for data come to other frames: the lines run again on a machine that has them.
  await press(page, 'spawn');
  await settled(page, 4);
  await press(page, 'machine');
  expect(await option('data_frames').inputValue()).toBe('3');
  expect(await option('frames').getAttribute('placeholder')).toBe('8');
});

test('p17 on a textbook’s machine three frames for data stay three while a process is spawned and a string typed', async () => {
  const page = await openScenario(site, {
    faultline: 1,
    machine: {},
    runtime: { kind: 'virtual', seed: 1 },
    script: [],
  });
  await press(page, 'machine');
  await page.locator('[data-machine-preset="silberschatz"]').click();
  await page.locator('[data-dialog="machine"] [type="submit"]').click();
  await page.locator('dialog').waitFor({ state: 'detached' });
  await press(page, 'spawn');
  await settled(page, 1);
  await press(page, 'run');
  const dialog = page.locator('[data-dialog="run"]');
  await dialog.locator('[name="pattern"]').selectOption('pages');
  await dialog.locator('[name="references"]').fill(STRING.join(' '));
  await dialog.locator('[type="submit"]').click();
  await dialog.waitFor({ state: 'detached' });
  await settled(page, 2);
  expect(await counter(page, 'faults')).toBe(15);
  // Undone, the machine is again that of the script before.
  await press(page, 'undo');
  await settled(page, 1);
  await press(page, 'redo');
  await settled(page, 2);
  expect(await counter(page, 'faults')).toBe(15);
  // The other policies of the book, by the curves of the same string.
  await page.keyboard.press('Shift+C');
  const three = page.locator('[data-dialog="curves"] tr:has([data-size="3"]) td');
  await expect.poll(() => three.allTextContents()).toHaveLength(7);
  const faults = await three.allTextContents();
  expect([faults[0], faults[2], faults[6]]).toEqual(['15', '12', '9']);
});

test('p17 a machine that has been used keeps its frames when another process comes', async () => {
  const page = await openScenario(site, {
    ...naive,
    machine: { data_frames: 10 },
    script: naive.script?.slice(0, 2) ?? [],
  });
  await press(page, 'spawn');
  await settled(page, 3);
  await press(page, 'machine');
  const option = (name: string) => page.locator(`[data-machine-option="${name}"] input`);
  expect(await option('data_frames').inputValue()).toBe('');
  expect(await option('frames').inputValue()).toBe('13');
});

test('p17 a textbook table opens with the queue of its policy, and does not say its answer', async () => {
  const page = await site.open('');
  await page.locator('[data-status="ready"]').waitFor();
  await press(page, 'presets');
  await page.locator('.preset-search').fill('silberschatz');
  await page.locator('[data-preset="silberschatz"]').click();
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.locator('[data-tab="replacement"][aria-expanded="true"]').waitFor();
  expect(await page.locator('.lesson, header').allTextContents()).not.toContainEqual(
    expect.stringMatching(/\b15\b/),
  );
});
