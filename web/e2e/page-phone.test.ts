// W1: the page on a telephone: what stays in sight, the sheet of a cell, panels at full size, fingers.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { useSite } from './harness.ts';
import { forkAndWrite, openPanel, openScenario, overflow, reportOf, settled } from './page-kit.ts';
import { seen, sizeOf } from './seen.ts';

const phone = useSite({
  browser: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
});

const storm: Scenario = JSON.parse(
  readFileSync(new URL('../../scenarios/fork-storm.json', import.meta.url), 'utf8'),
);

test('w1 on a telephone play, step and back stay in sight, and step', async () => {
  const page = await openScenario(phone, storm);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  for (const place of [0, 700, 100_000]) {
    await page.evaluate((top) => scrollTo(0, top), place);
    for (const command of ['play', 'step', 'back']) {
      expect(
        (await seen(page, `[data-command="${command}"]`)).length,
        `${command} at ${place}`,
      ).toBe(1);
    }
    expect((await seen(page, '.scrub input')).length).toBe(1);
  }
  await page.locator('[data-command="back"]').tap();
  const lines = storm.script?.length ?? 0;
  await expect
    .poll(() => page.locator('.transport .position').textContent())
    .toBe(`${lines - 1} / ${lines}`);
});

test('w1 on a telephone a tapped cell opens a sheet with its words, its actions and why it is here', async () => {
  const page = await openScenario(phone, forkAndWrite);
  expect(await page.locator('.sheet').count()).toBe(0);
  await page.locator('#frames').tap({ position: { x: 70, y: 24 } });
  const sheet = page.locator('.sheet');
  await expect.poll(() => sheet.locator('.sheet-words').textContent()).toMatch(/^Frame \d+: /);
  await page.locator('#pages').tap({ position: { x: 100, y: 20 } });
  await expect.poll(() => sheet.locator('.sheet-words').textContent()).toMatch(/Page \d+: /);
  expect((await seen(page, '.sheet-words')).length).toBe(1);
  // The cell stays in sight above its sheet.
  expect((await seen(page, '#pages')).length).toBe(1);
  await sheet.locator('.why summary').tap();
  await sheet.locator('.why-decisive').scrollIntoViewIfNeeded();
  // Links as high as a finger do not tear the lines of the sentences apart.
  const torn = () =>
    sheet.locator('.why-decisive li > span').evaluateAll((all) =>
      all.flatMap((words) => {
        const { height } = words.getBoundingClientRect();
        const lines = height / Number.parseFloat(getComputedStyle(words).lineHeight);
        return getComputedStyle(words).display === 'block' &&
          Math.abs(lines - Math.round(lines)) < 0.1
          ? []
          : [words.textContent];
      }),
    );
  await expect.poll(torn).toEqual([]);
  const words = await sheet.locator('.sheet-words').textContent();
  await sheet.locator('[data-command="write"]').tap();
  await settled(page, 6);
  await expect.poll(() => sheet.locator('.sheet-words').textContent()).not.toBe(words);
  expect(await sheet.locator('.why li').count()).toBeGreaterThan(0);
  await sheet.locator('.sheet-head button').tap();
  await expect.poll(() => sheet.count()).toBe(0);
});

test('w1 on a telephone a panel is given all the room too', async () => {
  const page = await openScenario(phone, storm);
  const before = await sizeOf(page, '#frames');
  await page.locator('[data-maximise="physical"]').tap();
  await expect
    .poll(async () => (await sizeOf(page, '#frames')).height)
    .toBeGreaterThan(before.height * 1.2);
  expect((await seen(page, '#frames')).length).toBe(1);
  expect((await seen(page, '[data-command="play"]')).length).toBe(1);
  expect(await page.locator('[data-panel]:visible').count()).toBe(1);
  await page.locator('[data-maximise="physical"]').tap();
  await expect.poll(async () => (await sizeOf(page, '#frames')).height).toBe(before.height);
});

test('w1 on a telephone no control is smaller than 40 px', async () => {
  const page = await openScenario(phone, storm);
  await page.locator('#pages').tap({ position: { x: 100, y: 20 } });
  await page.locator('.sheet').waitFor();
  for (const tab of ['faults', 'timing', 'locks', 'tape', 'counters']) {
    await page.locator(`[data-tab="${tab}"]`).tap();
  }
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, input, select, summary, a, [role="treeitem"]')]
      .filter((one) => one.closest('.unseen, .skip, [popover], .line-tools') === null)
      .map((one) => {
        const { width, height } = one.getBoundingClientRect();
        // A term is a word in a text: what a finger finds is around it.
        const around = one.matches('.term') ? getComputedStyle(one, '::after') : { width, height };
        const least = (extent: number | string) => Number.parseFloat(`${extent}`) < 39.5;
        return { one, width, is: least(around.width) || least(around.height) };
      })
      .filter(({ is, width }) => width > 0 && is)
      .map(({ one }) => one.outerHTML.slice(0, 120)),
  );
  expect(small).toEqual([]);
});

test('w1 on a telephone a state of the legend and its count stand together', async () => {
  const page = await openScenario(phone, storm);
  const gaps = await page.locator('.legend:not(.marks-legend) li').evaluateAll((items) =>
    items.map((item) => {
      const edge = (part: string, side: 'left' | 'right') => {
        const range = document.createRange();
        range.selectNodeContents(item.querySelector(part) as Element);
        return range.getBoundingClientRect()[side];
      };
      return edge('.legend-count', 'left') - edge('.legend-name', 'right');
    }),
  );
  expect(gaps.length).toBeGreaterThan(8);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(8);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(3);
});

test('w1 on a telephone that lies on its side cells of pages and frames are seen, and play', async () => {
  const page = await openScenario(phone, forkAndWrite);
  await page.setViewportSize({ width: 844, height: 390 });
  for (const grid of ['#pages', '#frames']) {
    await expect.poll(() => seen(page, grid), { message: grid }).toHaveLength(1);
    await expect.poll(async () => (await sizeOf(page, grid)).height).toBeGreaterThanOrEqual(36);
  }
  await expect.poll(() => seen(page, '[data-command="play"]')).toHaveLength(1);
});

test('w1 on a telephone the report is no wider than its dialog', async () => {
  const page = await openScenario(phone, storm);
  await reportOf(page);
  const report = page.locator('[data-dialog="report"] .report');
  expect(await report.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeLessThan(2);
});

test('w1 on a telephone the locks tell all that they cost', async () => {
  const page = await openScenario(phone, storm);
  await openPanel(page, 'locks');
  const locks = page.locator('.panel-locks');
  await locks.locator('td:last-child').first().waitFor();
  expect(await locks.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeLessThan(2);
});

test('a12 on a telephone a lesson hides nothing in a scroll of its own', async () => {
  const page = await openScenario(phone, {
    ...forkAndWrite,
    about: 'A process and its child share a page until one of them writes it. '.repeat(24),
  });
  const lesson = page.locator('.lesson');
  await lesson.waitFor();
  expect(await lesson.evaluate((one) => one.scrollHeight - one.clientHeight)).toBeLessThanOrEqual(
    1,
  );
});

test('w1 two fingers zoom a grid, and the cell between them stays', async () => {
  const page = await openScenario(phone, storm);
  const columns = async () => Number(await page.locator('#frames').getAttribute('aria-colcount'));
  const before = await columns();
  const pinch = (distances: number[]) =>
    page.locator('#frames').evaluate((grid, all) => {
      const { left, top } = grid.getBoundingClientRect();
      const touch = (identifier: number, x: number) =>
        new Touch({ identifier, target: grid, clientX: left + 180 + x, clientY: top + 60 });
      const send = (kind: string, distance: number) => {
        const touches =
          kind === 'touchend' ? [] : [touch(1, -distance / 2), touch(2, distance / 2)];
        grid.dispatchEvent(
          new TouchEvent(kind, {
            touches,
            targetTouches: touches,
            cancelable: true,
            bubbles: true,
          }),
        );
      };
      send('touchstart', all[0] ?? 0);
      for (const distance of all) send('touchmove', distance);
      send('touchend', 0);
    }, distances);
  await pinch([40, 60, 100]);
  await expect.poll(columns).toBeLessThan(before);
  const scrolls = await page
    .locator('#frames')
    .evaluate((grid) => grid.scrollHeight > grid.clientHeight + 40);
  expect(scrolls).toBe(true);
  await pinch([100, 60, 20]);
  await expect.poll(columns).toBe(before);
});
