// W3: the timeline has the whole run: its sums are those of the counters and locks, it is zoomed, panned and selected by
// pointer, fingers and keys, and a click goes there, forward too.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  DAEMON,
  FAULT,
  FRAME_WAIT,
  LOCK_WAIT,
  SHOOTDOWN,
  SWAP_READ,
  SWAP_WRITE,
} from '../src/draw/timeline-kinds.ts';
import { FAULT_KINDS, LOCK_CLASSES } from '../src/generated/machine.ts';
import type { Scenario } from '../src/generated/types.d.ts';
import { useSite } from './harness.ts';
import { counter, eventOf, openScenario, press, settled, withScript } from './page-kit.ts';

const site = useSite();
const alone = useSite({ isolated: false });
const phone = useSite({
  browser: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
});

/** Faults of every kind, both daemons at work, waits for locks and frames, and a copy. */
const storm: Scenario = {
  ...withScript(
    { op: 'spawn', as: 'init', pages: 64 },
    { op: 'write', process: 'init', page: 3, value: 7 },
    { op: 'fork', process: 'init', as: 'child' },
    { op: 'write', process: 'child', page: 3, value: 8 },
    {
      op: 'run',
      process: 'init',
      cpus: 4,
      pattern: 'uniform',
      accesses: 600,
      writes: 0.6,
      seed: 1,
    },
    // No daemon is in the middle of a write then.
    { op: 'settle' },
  ),
  machine: { frames: 48, slots: 512, cpus: 4, pte_locks: 'table' },
};

const seen = (page: Page) => page.locator('#timeline-seen').textContent();

/** The count of each kind among the sums of the selection. */
function sums(page: Page): Promise<Record<string, number>> {
  return page
    .locator('[data-sum]')
    .evaluateAll((rows) =>
      Object.fromEntries(
        rows.map((row) => [
          row.getAttribute('data-sum'),
          Number(row.querySelector('td')?.textContent?.replaceAll(',', '')),
        ]),
      ),
    );
}

/** Selects the whole run, and compares its sums with what the machine itself has counted. */
async function expectSumsOfTheRun(page: Page): Promise<void> {
  await page.locator('[data-timeline="whole"]').click();
  await page.locator('[data-timeline="select"]').click();
  const counted: Record<string, number> = {};
  for (const [kind, name] of FAULT_KINDS.entries()) {
    if (kind > 0) counted[FAULT + kind] = await counter(page, name);
  }
  counted[SWAP_READ] = await counter(page, 'swap_reads');
  counted[SWAP_WRITE] = await counter(page, 'swap_writes');
  counted[SHOOTDOWN] = await counter(page, 'shootdowns');
  counted[FRAME_WAIT] = await counter(page, 'frame_waits');
  await expect
    .poll(async () => {
      const found = await sums(page);
      return Object.fromEntries(Object.keys(counted).map((kind) => [kind, found[kind] ?? 0]));
    })
    .toEqual(counted);
}

test('w3 the sums of the whole run are those of the counters and of the locks', async () => {
  const page = await openScenario(site, storm);
  await expectSumsOfTheRun(page);
  const all = await sums(page);
  expect(all[DAEMON]).toBeGreaterThan(0);
  expect(all.marks).toBeGreaterThan(1000);
  // The table of the locks takes the place of one of the open panels.
  await page.locator('[data-tab="locks"]').click();
  await page.locator('[data-tab="tape"]').click();
  await page.locator('[data-tab="tape"]').click();
  const contended = page.locator('.panel-locks tbody tr td:nth-of-type(2)');
  await expect.poll(() => contended.count()).toBe(LOCK_CLASSES.length);
  const waits = await contended.allTextContents();
  const found = LOCK_CLASSES.map((_, kind) => all[LOCK_WAIT + kind] ?? 0);
  expect(found).toEqual(waits.map((count) => Number(count.replaceAll(',', ''))));
  expect(Math.max(...found)).toBeGreaterThan(0);
});

test('w3 a run that went back, and was changed in the past, has the sums of what it is now', async () => {
  const page = await openScenario(site, storm);
  await press(page, 'restart');
  await settled(page, 0);
  // What is known of the run is still there, to be gone to.
  await page.locator('[data-timeline="whole"]').click();
  const box = await page.locator('.tape').boundingBox();
  if (box === null) throw new Error('no timeline');
  await page.mouse.click(box.x + box.width * 0.6, box.y + 40);
  await expect.poll(() => eventOf(page)).toBeGreaterThan(1000);
  await press(page, 'restart');
  await settled(page, 0);
  await press(page, 'step');
  await settled(page, 1);
  await press(page, 'write');
  await settled(page, 2);
  await press(page, 'end');
  await settled(page, 7);
  await expectSumsOfTheRun(page);
});

test('w3 where no memory is shared the timeline has the whole run all the same', async () => {
  await expectSumsOfTheRun(await openScenario(alone, storm));
});

test('w3 the timeline is zoomed and panned by keys and by the wheel, and shown whole again', async () => {
  const page = await openScenario(site, storm);
  const lanes = page.locator('.tape');
  const whole = await seen(page);
  await lanes.focus();
  const written = await page.locator('.line').count();
  const views = [whole];
  // W and S, A and D: here they are no commands of the page.
  for (const key of ['w', 'w', 'a', 'd', 's', 'ArrowUp', 'ArrowLeft']) {
    await page.keyboard.press(key);
    await expect.poll(() => seen(page)).not.toBe(views.at(-1));
    views.push(await seen(page));
  }
  expect(await page.locator('.line').count()).toBe(written);
  await page.keyboard.press('Home');
  await expect.poll(() => seen(page)).toBe(whole);
  const box = await lanes.boundingBox();
  if (box === null) throw new Error('no timeline');
  await page.mouse.move(box.x + 300, box.y + 40);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await expect.poll(() => seen(page)).not.toBe(whole);
  const near = await seen(page);
  await page.mouse.wheel(120, 0);
  await expect.poll(() => seen(page)).not.toBe(near);
  // What is under the pointer is told beside the title.
  await expect.poll(() => page.locator('.panel-tape .readout').textContent()).toMatch(/at \d/);
});

test('w3 a span is selected by a drag, summed up, gone to and given up', async () => {
  const page = await openScenario(site, storm);
  const end = await eventOf(page);
  const box = await page.locator('.tape').boundingBox();
  if (box === null) throw new Error('no timeline');
  await page.mouse.move(box.x + 200, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 420, box.y + 60, { steps: 4 });
  await page.mouse.up();
  const selected = page.locator('.timeline-sums');
  await expect.poll(() => selected.getAttribute('aria-label')).toMatch(/^Selected: .+ from .+$/);
  expect(await eventOf(page)).toBe(end);
  const part = await sums(page);
  await page.locator('[data-timeline="select"]').click();
  await expect.poll(async () => (await sums(page)).marks).toBeGreaterThan(part.marks ?? 0);
  await page.locator('.tape').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => eventOf(page)).toBeLessThan(end);
  await page.keyboard.press('Escape');
  await expect.poll(() => selected.count()).toBe(0);
});

test('w3 what is seen is listed too, and each line of the list goes there', async () => {
  const page = await openScenario(site, storm);
  await page.locator('[data-timeline="list"]').click();
  const rows = page.locator('.timeline-list tbody tr');
  await expect.poll(() => rows.count()).toBe(100);
  const words = await rows.allTextContents();
  expect(words.some((row) => row.includes('demand-zero fault: write p3 of init'))).toBe(true);
  const end = await eventOf(page);
  await rows.last().locator('button').click();
  await expect.poll(() => eventOf(page)).toBeLessThan(end);
});

test('w3 a finger pans the timeline, a tap goes there, and nothing is wider than the phone', async () => {
  const page = await openScenario(phone, storm);
  const lanes = page.locator('.tape');
  await lanes.scrollIntoViewIfNeeded();
  for (let time = 0; time < 3; time++)
    await page.locator('.timeline-controls .button').nth(1).tap();
  const before = await seen(page);
  const box = await lanes.boundingBox();
  if (box === null) throw new Error('no timeline');
  const devtools = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number) =>
    devtools.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : [{ x, y: box.y + 60 }],
    });
  await touch('touchStart', 120);
  for (let x = 130; x <= 260; x += 10) await touch('touchMove', x);
  await touch('touchEnd', 260);
  await expect.poll(() => seen(page)).not.toBe(before);
  const end = await eventOf(page);
  // A browser takes no tap that follows a pan at once.
  await expect
    .poll(async () => {
      await page.touchscreen.tap(200, box.y + 60);
      return eventOf(page);
    })
    .toBeLessThan(end);
  expect(
    await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    ),
  ).toBe(0);
});

test('w4 on threads the timeline has what the rings keep', async () => {
  const page = await openScenario(site, { ...storm, runtime: { kind: 'threads' } });
  await expect.poll(() => seen(page)).toMatch(/: [1-9][\d,]* slices, [1-9]/);
  await page.locator('[data-timeline="select"]').click();
  await expect.poll(async () => (await sums(page)).marks ?? 0).toBeGreaterThan(0);
});
