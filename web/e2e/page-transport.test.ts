// R4 in the page: the playhead goes to any event of a virtual run, and what is seen there is the machine there.

import { isDeepStrictEqual } from 'node:util';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { readLink } from '../src/share/link.ts';
import { targetFrom } from '../src/store/run/typed-target.ts';
import { newProfile, useSite } from './harness.ts';
import {
  counter,
  eventOf,
  figure,
  forkAndWrite,
  frames,
  hashOf,
  leaveDialog,
  lines,
  openScenario,
  settled,
  withScript,
} from './page-kit.ts';

const site = useSite();
const aloneSite = useSite({ isolated: false });

/** Faults, evictions, copies: some thirty events an access. */
const stormOf = (accesses: number) =>
  withScript(
    { op: 'spawn', as: 'init', pages: 96 },
    { op: 'run', process: 'init', pattern: 'uniform', accesses, writes: 0.5, seed: 1 },
    { op: 'fork', process: 'init', as: 'child' },
    { op: 'run', process: 'child', pattern: { zipf: 0.9 }, accesses: 500, writes: 0.6, seed: 2 },
  );
const storm = stormOf(3000);

/** A run stops between events that belong together: an aging pass makes more than a hundred at once. */
const APART = 500;

/** Whether the playhead stands where these words say, on a page that has come to rest. */
async function isAt(page: Page, place: string): Promise<boolean> {
  const target = targetFrom(place);
  if (target === undefined || !('events' in target || 'line' in target || 'time_ns' in target)) {
    throw new Error(`${place} is no place`);
  }
  if ((await page.locator('[data-status="ready"]').count()) === 0) return false;
  if ('events' in target) {
    const event = await eventOf(page);
    return event >= target.events && event < target.events + APART;
  }
  if ('line' in target) {
    const words = (await page.locator('.transport .place').textContent()) ?? '';
    const done = await page.locator('.line.done, .line.failed').count();
    return done === target.line && !words.includes('under way');
  }
  const now = targetFrom(await figure(page, 'time'));
  if (now === undefined || !('time_ns' in now)) return false;
  return now.time_ns > target.time_ns * 0.9 && now.time_ns <= target.time_ns;
}

/** Goes to a place, and waits until the page says that it is there. */
async function goTo(page: Page, place: string): Promise<void> {
  await page.keyboard.press(':');
  await page.locator('[data-dialog="go-to"] input').fill(place);
  await page.keyboard.press('Enter');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await expect.poll(() => isAt(page, place)).toBe(true);
}

/** The pixels of every canvas, once nothing moves any more. */
async function pictures(page: Page): Promise<string[]> {
  const look = () =>
    page.locator('canvas').evaluateAll((all) =>
      Promise.all(
        all.map(async (one) => {
          const { width, height } = one as HTMLCanvasElement;
          const context = (one as HTMLCanvasElement).getContext('2d');
          const pixels = context?.getImageData(0, 0, width, height).data;
          // Nothing drawn is nothing seen, however large the canvas has become.
          if (pixels === undefined || !new Uint32Array(pixels.buffer).some(Boolean)) return '';
          const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', pixels));
          return `${width} x ${height}: ${digest.join(' ')}`;
        }),
      ),
    );
  await page.waitForSelector('.flow .journeys:not([data-moving])', { state: 'attached' });
  let before = await look();
  await expect
    .poll(async () => {
      await frames(page, 15);
      const now = await look();
      const isStill = now.every((picture, at) => picture === before[at]);
      before = now;
      return isStill;
    })
    .toBe(true);
  return before;
}

/** Presses a key, and waits until the playhead is elsewhere. */
async function move(page: Page, key: string): Promise<void> {
  const before = await eventOf(page);
  await page.keyboard.press(key);
  await expect.poll(() => eventOf(page)).not.toBe(before);
  await page.locator('[data-status="ready"]').waitFor();
}

for (const [unit, forward, back] of [
  ['event', ']', '['],
  ['fault', '}', '{'],
  ['line', '.', ','],
] as const) {
  test(`r4 stepping by ${unit} back and forward gives equal pictures and equal states`, async () => {
    const page = await openScenario(site, storm);
    // Within the first workload; by lines, where it begins.
    await goTo(page, unit === 'line' ? 'line 2' : '9000');
    // What was selected on the way here and what the pointer is over are no part of the run.
    await page.locator('#pages').focus();
    await page.keyboard.press('Shift+F');
    const there: { event: number; hash: string; seen: string[] }[] = [];
    const here = async () => ({
      event: await eventOf(page),
      hash: await hashOf(page),
      seen: await pictures(page),
    });
    await move(page, forward);
    for (let step = 0; step < 3; step++) {
      there.push(await here());
      if (step < 2) await move(page, forward);
    }
    expect(new Set(there.map(({ hash }) => hash)).size).toBe(3);
    for (const expected of there.slice(0, -1).reverse()) {
      await move(page, back);
      const found = await here();
      expect({ event: found.event, hash: found.hash }).toEqual({
        event: expected.event,
        hash: expected.hash,
      });
      const differ = found.seen.flatMap((picture, at) => (picture === expected.seen[at] ? [] : at));
      expect(differ, 'canvases that differ').toEqual([]);
    }
  });
}

test('w2 stepped by event, the line under way says what happened last, and to which page', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.keyboard.press('0');
  await settled(page, 0);
  for (let line = 1; line <= 3; line++) {
    await page.keyboard.press('.');
    await settled(page, line);
  }
  // The child's write, event by event, until the line is done.
  const told: string[] = [];
  const done = page.locator('.line.done');
  while ((await done.count()) === 3) {
    const before = await eventOf(page);
    await page.keyboard.press(']');
    await expect.poll(() => eventOf(page)).toBeGreaterThan(before);
    told.push(...(await page.locator('.line.running .line-sentence').allTextContents()));
  }
  expect(told).toContain('under way: a page fault begins: p3 of child');
  expect(told).toContain('under way: a page-table entry changes: p3 of child');
  // Going back says it too.
  await page.keyboard.press('[');
  await expect
    .poll(() => page.locator('.line.running .line-sentence').textContent())
    .toMatch(/^under way: /);
});

test('r4 the slider is dragged over the run, and its end is the end', async () => {
  const page = await openScenario(site, storm);
  const whole = await eventOf(page);
  const end = await hashOf(page);
  const slider = page.locator('.scrub input');
  const box = await slider.boundingBox();
  if (box === null) throw new Error('no slider');
  const y = box.y + box.height / 2;
  const at = (share: number) => box.x + 6 + (box.width - 12) * share;
  await page.mouse.move(at(1), y);
  await page.mouse.down();
  for (let percent = 100; percent >= 30; percent -= 2) await page.mouse.move(at(percent / 100), y);
  await page.mouse.up();
  // Where the slider was let go, and no more on the way there.
  const dropped = Math.round(whole * 0.3);
  await expect
    .poll(async () => Math.abs((await eventOf(page)) - dropped))
    .toBeLessThan(whole * 0.019);
  await page.locator('[data-status="ready"]').waitFor();
  const middle = await eventOf(page);
  expect(middle).toBeGreaterThan(whole * 0.2);
  expect(await counter(page, 'copies')).toBe(0);
  expect(await slider.getAttribute('aria-valuetext')).toMatch(
    new RegExp(
      `^event ${middle.toLocaleString('en')} of ${whole.toLocaleString('en')}, .*line 1 of 4$`,
    ),
  );
  const seen = await hashOf(page);
  // The same place, gone to straight.
  await goTo(page, '0');
  await goTo(page, String(middle));
  expect(await eventOf(page)).toBe(middle);
  expect(await hashOf(page)).toBe(seen);
  // By keys of the slider's own.
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => eventOf(page)).toBeGreaterThan(middle);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => eventOf(page)).toBe(middle);
  await page.keyboard.press('End');
  await settled(page, 4);
  expect(await hashOf(page)).toBe(end);
});

test('r4 lines that have not run stand after what is known, and the slider reaches them', async () => {
  const page = await openScenario(site, storm);
  const whole = await eventOf(page);
  await page.keyboard.press('j');
  await page.locator('[data-dialog="edit"] button[type="submit"]').waitFor();
  await leaveDialog(page);
  // Nothing of the run is known after its first line is changed.
  await page.keyboard.press('0');
  await settled(page, 0);
  await page.keyboard.press('s');
  await settled(page, 1);
  const slider = page.locator('.scrub input');
  const [value, most] = await slider.evaluate((input) => {
    const { value, max } = input as HTMLInputElement;
    return [Number(value), Number(max)];
  });
  expect(value).toBeLessThan(most ?? 0);
  const box = await slider.boundingBox();
  if (box === null) throw new Error('no slider');
  await page.mouse.click(box.x + box.width - 6, box.y + box.height / 2);
  await settled(page, 5);
  expect(await eventOf(page)).toBeGreaterThan(whole);
});

test('r4 a place is typed: an event, a virtual time, a line; what is none says what is legal', async () => {
  const page = await openScenario(site, storm);
  for (const place of ['5000', '100 us', 'line 3', '0']) await goTo(page, place);
  await page.keyboard.press(':');
  const dialog = page.locator('[data-dialog="go-to"]');
  await dialog.locator('input').fill('3 parsecs');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => dialog.locator('[role="alert"]').textContent())
    .toMatch(/3 parsecs.*1200/);
  expect(await dialog.locator('input').getAttribute('aria-invalid')).toBe('true');
});

test('r4 what is done in the past becomes a line there, after the one that is under way', async () => {
  const page = await openScenario(site, storm);
  await goTo(page, '5000');
  expect(await page.locator('.transport .position').textContent()).toBe('1 / 4');
  await page.keyboard.press('s');
  await settled(page, 3);
  expect((await lines(page)).map((line) => line.split(',')[0])).toEqual([
    'spawn init',
    'run init',
    'spawn init-2',
    'fork init → child',
    'run child',
  ]);
  const hash = await hashOf(page);
  // Whoever runs that script from its beginning stands in the same state there.
  await page.keyboard.press('j');
  const text = await page.locator('textarea').inputValue();
  const other = await openScenario(site, JSON.parse(text));
  await goTo(other, 'line 4');
  expect(await hashOf(other)).toBe(hash);
});

test('w5 a link carries the playhead: a fresh profile stands at the same event in the same state', async () => {
  const page = await openScenario(site, storm);
  await goTo(page, '7000');
  const [event, hash] = [await eventOf(page), await hashOf(page)];
  await page.keyboard.press('l');
  const field = page.locator('[data-dialog="share"] input[name="address"]');
  await expect.poll(() => field.inputValue()).toContain('event=');
  const address = await field.inputValue();
  expect((await readLink(new URL(address).hash)).place).toMatchObject({ lines: 1, event });
  const fresh = await newProfile({ serviceWorkers: 'block' });
  const other = await fresh.newPage();
  await other.goto(address);
  await other.locator('[data-status="ready"]').waitFor();
  await expect.poll(() => eventOf(other)).toBe(event);
  expect(await hashOf(other)).toBe(hash);
  await fresh.close();
});

test('w6 copies are those of the place that was gone to, forward and back', async () => {
  const [alone, isolated] = [await openScenario(aloneSite, storm), await openScenario(site, storm)];
  for (const page of [alone, isolated]) {
    for (const tab of ['tape', 'faults']) await page.locator(`[data-tab="${tab}"]`).click();
  }
  const told = async (page: Page) => ({
    event: await eventOf(page),
    hash: await hashOf(page),
    accesses: await counter(page, 'accesses'),
    swap: await page.locator('.panel-swap .caption').textContent(),
    frames: await page.locator('.panel-physical .legend-count').allTextContents(),
    pages: await page.locator('.panel-virtual .legend-count').allTextContents(),
    faults: await page.locator('.fault-list li').allTextContents(),
  });
  for (const place of ['9000', '3000', '12000', 'line 2', '3000']) {
    for (const page of [alone, isolated]) await goTo(page, place);
    // What is long a page shows soon after: both are read until they agree.
    const differ = async () => {
      const seen = { alone: await told(alone), isolated: await told(isolated) };
      return isDeepStrictEqual(seen.alone, seen.isolated) ? null : seen;
    };
    await expect.poll(differ).toBeNull();
  }
});

test('w3 too much to be followed flows, and nothing of it is lost from the counts', async () => {
  const page = await openScenario(site, stormOf(600));
  const swapped = await counter(page, 'swap_writes');
  expect(swapped).toBeGreaterThan(100);
  await page.keyboard.press('0');
  await settled(page, 0);
  await page.locator('.speed select').selectOption({ label: '10,000 events a second' });
  const flowing = page.waitForSelector('.flow [data-flowing]', { state: 'attached' });
  await page.keyboard.press(' ');
  await flowing;
  await settled(page, 4);
  expect(await counter(page, 'swap_writes')).toBe(swapped);
  await page.waitForSelector('.flow [data-flowing]', { state: 'detached' });
});

test('w3 under a playhead that is dragged journeys stand still, and end when it is let go', async () => {
  const page = await openScenario(site, storm);
  const box = await page.locator('.scrub input').boundingBox();
  if (box === null) throw new Error('no slider');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width - 6, y);
  await page.mouse.down();
  const travelling = page.locator('.flow [data-travelling]');
  let share = 0.9;
  await expect
    .poll(async () => {
      share = share > 0.1 ? share - 0.01 : 0.9;
      await page.mouse.move(box.x + box.width * share, y);
      await frames(page, 9);
      return travelling.count();
    })
    .toBe(1);
  const picture = () =>
    page.locator('.flow .journeys').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const before = await picture();
  await frames(page, 24);
  expect(await picture()).toBe(before);
  await page.mouse.up();
  await travelling.waitFor({ state: 'detached' });
});

test('w3 the tape has the playhead, and is clicked to go there', async () => {
  const page = await openScenario(site, storm);
  const whole = await eventOf(page);
  const box = await page.locator('.tape').boundingBox();
  if (box === null) throw new Error('no tape');
  await page.mouse.click(box.x + box.width / 2, box.y + 20);
  await expect.poll(() => eventOf(page)).toBeLessThan(whole);
});

test('w3 why is this here: three sentences, newest first, each with its time and a way to its event', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.locator('.process', { hasText: 'init' }).first().click();
  await page.locator('input[name="page"]').fill('3');
  await page.locator('input[name="page"]').press('Enter');
  await page.keyboard.press('y');
  const why = page.locator('.panel-inspector .why');
  const decisive = why.locator('.why-decisive li');
  // What took the page away stands first, with its reason.
  await expect.poll(() => decisive.first().textContent()).toMatch(/slot/);
  expect(await decisive.count()).toBe(3);
  expect(await why.locator('.why-decisive').textContent()).toMatch(
    /Why: the script asked for it\./,
  );
  await expect.poll(() => decisive.first().isVisible()).toBe(true);
  // All that happened to it stands behind them, as far as the playhead.
  await why.locator('.why-all summary').click();
  const history = why.locator('.why-all li');
  const whole = await history.allTextContents();
  expect(whole.join(' ')).toMatch(/child/);
  // A time leads to its event, where what came after it is not told yet.
  const third = decisive.last();
  const event = Number(await third.getAttribute('data-event'));
  await third.locator('button').click();
  // It comes from after the event, so that it is there only when it is near it too.
  const isThere = (at: number) => at >= event && at < event + 20;
  await expect.poll(async () => isThere(await eventOf(page))).toBe(true);
  await expect
    .poll(async () => (await history.allTextContents()).length)
    .toBeLessThan(whole.length);
});

test('w3 why is this here stands in the menus of pages and frames', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.locator('.panel-physical [role="grid"]').first().click({ button: 'right' });
  await page.locator('[role="menuitem"]', { hasText: 'Why is this here?' }).click();
  await expect.poll(() => page.locator('.panel-inspector .why-all').isVisible()).toBe(true);
});
