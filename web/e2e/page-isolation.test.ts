// W6: a host that sends no headers, in a browser without service workers: no shared memory, and everything but
// threads works, from copies.

import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import {
  counter,
  forkAndWrite,
  openScenario,
  press,
  reportOf,
  sentences,
  settled,
} from './page-kit.ts';

const site = useSite({ isolated: false });
const isolatedSite = useSite();

test('w6 without isolation the page says so, and runs virtual CPUs', async () => {
  const page = await openScenario(site, forkAndWrite);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  const notice = page.locator('[data-notice="not-shared"]');
  expect(await notice.textContent()).toMatch(/threads are unavailable/);
  await expect.poll(() => counter(page, 'copies')).toBe(1);
  expect(await sentences(page)).toEqual([
    expect.stringContaining('zero page'),
    expect.stringMatching(/the kernel took frame \d+, zeroed/),
    expect.stringContaining('no data was copied'),
    expect.stringMatching(/copied into frame \d+/),
    expect.stringContaining('written to swap'),
  ]);
  // The grids show it: frames in use, a slot taken, the page's bits and its first word.
  await expect.poll(() => page.locator('.panel-swap .caption').textContent()).toMatch(/^1 of/);
  const used = page.locator('.panel-physical .legend li', { hasText: 'active' });
  await expect.poll(() => used.locator('.legend-count').textContent()).toBe('1');
  await page.locator('.process', { hasText: 'child' }).first().click();
  await expect.poll(() => page.locator('.contents').textContent()).toMatch(/^8/);
});

test('w6 what is done by hand is told and drawn from copies too', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.keyboard.press('w');
  await settled(page, 6);
  expect((await sentences(page)).at(-1)).toMatch(/^Stored/);
  await page.keyboard.press(',');
  await settled(page, 5);
  await expect.poll(() => counter(page, 'swap_writes')).toBe(1);
});

test('w6 the events and the state are those of an isolated page', async () => {
  const alone = await reportOf(await openScenario(site, forkAndWrite));
  expect(alone).toMatchObject({ ok: true, state: expect.stringMatching(/^[0-9a-f]{16}/) });
  expect(await reportOf(await openScenario(isolatedSite, forkAndWrite))).toEqual(alone);
});

test('w6 a scenario for threads runs on virtual CPUs, and the switch to threads says why it is off', async () => {
  const page = await openScenario(site, { ...forkAndWrite, runtime: { kind: 'threads' } });
  expect(await page.locator('.summary').textContent()).toMatch(/virtual, seed 0$/);
  await press(page, 'machine');
  const threads = page.locator('input[value="threads"]');
  expect(await threads.isDisabled()).toBe(true);
  expect(await page.locator('label', { has: threads }).textContent()).toMatch(/isolated/);
});
