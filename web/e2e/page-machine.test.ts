// Every option of the machine, and two machines side by side.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { machineOptions } from '../src/store/script/options.ts';
import { useSite } from './harness.ts';
import {
  classroom,
  counter,
  leaveDialog,
  openScenario,
  reportOf,
  settled,
  withScript,
} from './page-kit.ts';

const site = useSite();

const thrash = withScript(
  { op: 'spawn', as: 'init', pages: 120 },
  {
    op: 'run',
    process: 'init',
    cpus: 2,
    pattern: { zipf: 0.9 },
    accesses: 5000,
    writes: 0.3,
    seed: 3,
  },
  // A report lets the machine come to rest; then it says what the page says.
  { op: 'settle' },
);

async function openMachine(page: Page) {
  await page.keyboard.press('m');
  return page.locator('[data-dialog="machine"]');
}

const field = (page: Page, name: string) =>
  page.locator(`[data-dialog="machine"] [name="${name}"]`);

test('r5 every option of the machine stands in its dialog, with what it costs and why', async () => {
  const page = await openScenario(site, classroom);
  const dialog = await openMachine(page);
  for (const { name, kind } of machineOptions) {
    const row = dialog.locator(`[data-machine-option="${name}"]`);
    expect(await row.count(), name).toBe(1);
    const said = (await row.textContent()) ?? '';
    expect(said, name).not.toMatch(/\b[PRSG]\d+\b/);
    const why = kind === 'set' ? said : ((await row.locator('details').textContent()) ?? '');
    expect(why.length, name).toBeGreaterThan('What for?'.length + 8);
    if (kind !== 'set') expect(await field(page, name).count(), name).toBe(1);
  }
});

test('r5 what the engine refuses is told beside the option: where, what was found, what is legal', async () => {
  const page = await openScenario(site, thrash);
  const dialog = await openMachine(page);
  for (const [name, value, where, legal] of [
    ['frames', '3', 'Machine: Frames', /8 to 1,048,576/],
    ['cpus', '2.5', 'Machine: CPUs', /integer/],
    ['trim.high', '65', 'Machine: High watermark', /at most 64/],
    ['standby_batch', '0', 'Machine: Free-list refill batch', /1 to 512/],
    ['seed', '-1', 'Seed', /0 to/],
  ] as const) {
    const input = field(page, name);
    const before = await input.inputValue();
    await input.fill(value);
    await dialog.locator('button[type="submit"]').click();
    const facts = dialog.locator('[data-notice="problem"] dd');
    await expect.poll(() => facts.first().textContent()).toBe(where);
    expect(await facts.nth(1).textContent()).toContain(value);
    expect(await facts.nth(2).textContent()).toMatch(legal);
    expect(await input.getAttribute('aria-invalid')).toBe('true');
    await input.fill(before);
  }
  await dialog.locator('button[type="submit"]').click();
  await settled(page, 3);
});

test('s6 one option changed: two runs of the same script and seed, with their differences in numbers', async () => {
  const page = await openScenario(site, thrash);
  const first = await reportOf(page);
  const faults = await counter(page, 'faults');
  const examined = await counter(page, 'examined');
  await leaveDialog(page);
  const dialog = await openMachine(page);
  expect(await dialog.locator('[data-machine="compare"]').isDisabled()).toBe(true);
  await field(page, 'policy').selectOption({ label: 'lru' });
  await dialog.locator('[data-machine="compare"]').click();
  const table = page.locator('[data-dialog="compare"] [data-rows="different"]');
  await table.waitFor();
  const changes = page.locator('[data-dialog="compare"] [data-change]');
  expect(await changes.allTextContents()).toEqual(['Replacement policy: clock → lru']);
  const cells = async (row: string) =>
    (await page.locator(`[data-field="${row}"] td`).allTextContents()).slice(0, 2);
  const numbers = async (row: string) =>
    (await cells(row)).map((words) => Number(words.replaceAll(',', '')));
  const [faultsOfClock, faultsOfLru] = await numbers('counters/faults');
  const [examinedByClock, examinedByLru] = await numbers('counters/examined');
  expect([faultsOfClock, examinedByClock]).toEqual([faults, examined]);
  // What programs see is the same on both, and stands among what does not differ.
  await page.locator('[data-dialog="compare"] summary').click();
  // Locks have the names that their panel gives them.
  const nameOf = (row: string) =>
    page.locator(`[data-dialog="compare"] [data-field="locks/${row}"] th`).textContent();
  expect(await nameOf('pte/wait_ns')).toBe('PTE region, total wait');
  expect(await nameOf('pfn/acquisitions')).toBe('PFN, acquired');
  const same = page.locator('[data-rows="same"]');
  expect(await same.locator('[data-field="run/state_hash"] td').first().textContent()).toBe(
    first.state.slice(0, 8),
  );
  expect(await table.locator('[data-field="run/state_hash"]').count()).toBe(0);
  expect(await table.locator('tbody tr td:nth-child(2)').allTextContents()).not.toContain('');

  await page.locator('[data-compare="take"]').click();
  await settled(page, 3);
  const second = await reportOf(page);
  expect(await counter(page, 'faults')).toBe(faultsOfLru);
  expect(await counter(page, 'examined')).toBe(examinedByLru);
  expect(second.state).toBe(first.state);
  expect(second.trace).not.toBe(first.trace);
});

test('a comparison is left for the machine it came from, and a preset changes the machine alone', async () => {
  const page = await openScenario(site, thrash);
  const dialog = await openMachine(page);
  // The first attempt's machine has one CPU, and the script wants two.
  await dialog.locator('[data-machine-preset="first-attempt"]').click();
  await field(page, 'cpus').fill('2');
  expect(await field(page, 'eviction').inputValue()).toBe('"synchronous"');
  await field(page, 'frames').fill('40');
  await dialog.locator('[data-machine="compare"]').click();
  await page.locator('[data-dialog="compare"] [data-rows="different"]').waitFor();
  await page.locator('[data-compare="back"]').click();
  expect(await field(page, 'frames').inputValue()).toBe('40');
  expect(await field(page, 'eviction').inputValue()).toBe('"synchronous"');
  await dialog.locator('button[type="submit"]').click();
  await expect.poll(() => page.locator('.summary').textContent()).toMatch(/^40 frames/);
  await settled(page, 3);
});
