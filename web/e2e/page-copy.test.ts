// W3: a copy on write as one picture: parent and child side by side, wires from their pages to frames, and the copy on its
// way at every speed and step; what is drawn while it flies, and what follows the run.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { encode } from '../src/share/codec.ts';
import { useSite } from './harness.ts';
import {
  counter,
  eventOf,
  forkAndWrite,
  frames,
  openScenario,
  press,
  settled,
  withScript,
} from './page-kit.ts';

const site = useSite();

async function shipped(name: string): Promise<Scenario> {
  const file = resolve(import.meta.dirname, `../../scenarios/${name}.json`);
  return JSON.parse(await readFile(file, 'utf8'));
}

/** A fork of a page, and the write that copies it: the fourth line. */
const forkAndCopy: Scenario = {
  ...withScript(
    { op: 'spawn', as: 'parent', pages: 16 },
    { op: 'write', process: 'parent', page: 5, value: 42 },
    { op: 'fork', process: 'parent', as: 'child' },
    { op: 'write', process: 'child', page: 5, value: 43 },
  ),
  machine: { frames: 24, slots: 24, cpus: 2, cpu_cache: 0, zeroer: false },
};

/** Opens a scenario at a place of its run. */
async function openAt(scenario: Scenario, place: string, lines: number): Promise<Page> {
  const page = await site.open(`${await encode(JSON.stringify(scenario))}&${place}`);
  await settled(page, lines);
  return page;
}

/** The journeys that were drawn. */
async function seen(page: Page): Promise<{ copies: number; evictions: number; reads: number }> {
  await page.locator('.flow[data-playing]').waitFor({ state: 'detached' });
  await page.locator('.flow [data-travelling]').waitFor({ state: 'detached' });
  const canvas = page.locator('.flow .journeys');
  const count = async (kind: string) =>
    Number((await canvas.getAttribute(`data-seen-${kind}`)) ?? 0);
  return {
    copies: await count('copy'),
    evictions: await count('eviction'),
    reads: await count('read-in'),
  };
}

const once = { copies: 1, evictions: 0, reads: 0 };

async function setSpeed(page: Page, label: string): Promise<void> {
  await page.locator('.speed select').selectOption({ label });
}

/** Where the wires lead, table by table. */
function wires(page: Page): Promise<string> {
  return page
    .locator('.flow .wires')
    .evaluate((canvas: HTMLCanvasElement) => canvas.dataset.wires ?? '');
}

test('w3 a copy travels at every speed', async () => {
  const whole = await openScenario(site, forkAndCopy);
  const end = await eventOf(whole);
  for (const [label, before] of [
    ['1 event a second', 6],
    ['5 events a second', 20],
    ['25 events a second', 30],
    ['100 events a second', 30],
  ] as const) {
    const page = await openAt(forkAndCopy, `lines=3&event=${end - before}`, 3);
    await setSpeed(page, label);
    await press(page, 'play');
    await settled(page, 4);
    expect(await seen(page), label).toEqual(once);
    await page.close();
  }
});

test('w3 a copy travels for a visitor who steps by event and by line', async () => {
  const whole = await openScenario(site, forkAndCopy);
  const end = await eventOf(whole);
  const page = await openAt(forkAndCopy, `lines=3&event=${end - 12}`, 3);
  while ((await page.locator('.line.done').count()) < 4) {
    const here = await eventOf(page);
    await press(page, 'eventForward');
    await expect.poll(() => eventOf(page)).toBeGreaterThan(here);
    await page.locator('[data-status="ready"]').waitFor();
  }
  expect(await seen(page)).toEqual(once);
  await press(page, 'back');
  await settled(page, 3);
  await press(page, 'step');
  await settled(page, 4);
  expect(await seen(page)).toEqual({ ...once, copies: 2 });
});

test('w3 every copy, eviction and read-in of a run that plays is drawn once', async () => {
  const crowded: Scenario = {
    ...withScript(
      { op: 'spawn', as: 'parent', pages: 12 },
      { op: 'write', process: 'parent', page: 3, value: 1 },
      { op: 'write', process: 'parent', page: 4, value: 2 },
      { op: 'fork', process: 'parent', as: 'child' },
      { op: 'evict', process: 'parent', page: 3 },
      { op: 'evict', process: 'child', page: 3 },
      { op: 'write', process: 'child', page: 4, value: 3 },
      { op: 'read', process: 'parent', page: 3 },
      { op: 'write', process: 'child', page: 3, value: 4 },
    ),
    machine: { frames: 24, slots: 24, cpus: 2, cpu_cache: 0, zeroer: false },
  };
  const page = await openAt(crowded, 'lines=0', 0);
  await setSpeed(page, '100 events a second');
  await press(page, 'play');
  await settled(page, 9);
  const drawn = await seen(page);
  expect(drawn).toEqual({
    copies: await counter(page, 'copies'),
    evictions: await counter(page, 'swap_writes'),
    reads: await counter(page, 'swap_reads'),
  });
  expect(drawn.copies).toBe(2);
  expect(drawn.evictions).toBeGreaterThan(0);
  expect(drawn.reads).toBeGreaterThan(0);
});

test('w3 the fork that is shipped plays to its end with its one copy', async () => {
  const page = await openAt(await shipped('fork-write'), 'lines=0', 0);
  await setSpeed(page, '100 events a second');
  await press(page, 'play');
  await settled(page, 14);
  expect(await seen(page)).toEqual(once);
});

test('w3 the story of the first visit has its one copy, told while the child is looked at', async () => {
  const page = await openAt(forkAndCopy, 'lines=1', 1);
  await page.keyboard.press('h');
  await page.locator('[data-story="playing"]').waitFor();
  await page.locator('.flow .journeys[data-seen-copy="1"]').waitFor({ state: 'attached' });
  expect(await page.locator('[data-process][aria-selected="true"]').textContent()).toMatch(
    /^child/,
  );
  expect(await page.locator('[data-table]').count()).toBe(2);
  await page.locator('[data-story="told"]').waitFor();
  expect(await seen(page)).toEqual(once);
});

test('w3 after a fork parent and child stand side by side, and their wires part when one writes', async () => {
  const page = await openAt(forkAndCopy, 'lines=3&page=5', 3);
  const tables = page.locator('[data-table]');
  await expect.poll(() => tables.count()).toBe(2);
  await expect
    .poll(() => wires(page))
    .toMatch(/^0 5 frames (\d+) read-only, 1 5 frames \1 read-only$/);
  await press(page, 'step');
  await expect.poll(() => wires(page)).toMatch(/^0 5 frames (\d+) read-only, 1 5 copy (?!\1)\d+ /);
  await settled(page, 4);
  await expect
    .poll(() => wires(page))
    .toMatch(/^0 5 frames (\d+) read-only, 1 5 frames (?!\1)\d+ writable$/);
  await page.locator('[data-hide="parent"]').click();
  await expect.poll(() => tables.count()).toBe(1);
  await page.locator('[data-beside="parent"]').click();
  await expect.poll(() => tables.count()).toBe(2);
});

test('w3 wires pass behind words', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.locator('[data-process]').first().click();
  await expect.poll(() => wires(page)).toMatch(/slots \d+/);
  // Of the pixels of the canvas how many are drawn: all, and those over words.
  const drawn = () =>
    page.locator('.flow .wires').evaluate((canvas: HTMLCanvasElement) => {
      const { left, top } = canvas.getBoundingClientRect();
      const context = canvas.getContext('2d');
      const count = (x: number, y: number, width: number, height: number) => {
        const at = [x - left + 1, y - top + 1, width - 2, height - 2].map(
          (place) => place * devicePixelRatio,
        );
        const [a = 0, b = 0, c = 0, d = 0] = at.map(Math.round);
        const { data } = context?.getImageData(a, b, Math.max(1, c), Math.max(1, d)) ?? {};
        return Array.from(data ?? []).filter((value, index) => index % 4 === 3 && value > 0).length;
      };
      const words = [...document.querySelectorAll('.legend-name, .legend-count, h2, .caption')];
      const over = words.map((word) => word.getBoundingClientRect());
      const { width, height } = canvas.getBoundingClientRect();
      return {
        all: count(left, top, width, height) > 0,
        words: over
          .filter((at) => at.left >= left && at.top >= top && at.bottom <= top + height)
          .map((at) => count(at.left, at.top, at.width, at.height))
          .reduce((sum, one) => sum + one, 0),
      };
    });
  await expect.poll(drawn).toEqual({ all: true, words: 0 });
});

test('w3 in a low window, which has no room for slots, a wire to one leads to the panel of the swap', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.setViewportSize({ width: 1024, height: 500 });
  await page.locator('[data-process]').first().click();
  await expect.poll(() => wires(page)).toMatch(/slots \d+/);
  // The lowest and the highest place at which something is drawn, from the tables and from the panel of the swap.
  const reach = () =>
    page.locator('.flow .wires').evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
      const drawn = Array.from({ length: height }, (_, row) => row).filter((row) =>
        data.slice(row * width * 4, (row + 1) * width * 4).some((value) => value > 0),
      );
      const { top } = canvas.getBoundingClientRect();
      const at = (row = 0) => top + row / devicePixelRatio;
      const edge = (of: string) => document.querySelector(of)?.getBoundingClientRect();
      return {
        isBelowTables: at(drawn[0]) > (edge('.tables')?.top ?? 0),
        isInSwap: at(drawn.at(-1)) > (edge('.panel-swap')?.top ?? 0),
        // Its head ends at the bar, not anywhere in the panel.
        isAtBar: Math.abs(at(drawn.at(-1)) - (edge('.panel-swap .meter')?.top ?? 0)) < 4,
      };
    });
  await expect.poll(reach).toEqual({ isBelowTables: true, isInSwap: true, isAtBar: true });
});

test('w3 with reduced motion the wires are there, and nothing travels', async () => {
  const page = await site.open();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${site.address()}?still${await encode(JSON.stringify(forkAndCopy))}`);
  await settled(page, 4);
  await expect
    .poll(() => wires(page))
    .toMatch(/^0 5 frames \d+ read-only, 1 5 frames \d+ writable$/);
  await press(page, 'back');
  await settled(page, 3);
  await press(page, 'step');
  await settled(page, 4);
  expect(await seen(page)).toEqual({ copies: 0, evictions: 0, reads: 0 });
});

test('w3 the selection follows the run until the visitor selects something, and again by one key', async () => {
  const page = await openAt(forkAndCopy, 'lines=1', 1);
  const follow = page.locator('[data-command="follow"]');
  const selected = () =>
    page.locator('[data-process][aria-selected="true"]').getAttribute('data-process');
  expect(await follow.getAttribute('aria-pressed')).toBe('true');
  await setSpeed(page, '500 events a second');
  await press(page, 'play');
  await settled(page, 4);
  expect(await selected()).toBe('child');
  expect(await page.locator('.panel-inspector h2').textContent()).toBe('Page 5 of child');

  await press(page, 'restart');
  await settled(page, 0);
  await press(page, 'step');
  await press(page, 'step');
  await settled(page, 2);
  await page.locator('#process-0').click();
  expect(await follow.getAttribute('aria-pressed')).toBe('false');
  await press(page, 'play');
  await settled(page, 4);
  expect(await selected()).toBe('parent');

  await page.keyboard.press('Shift+F');
  expect(await follow.getAttribute('aria-pressed')).toBe('true');
  await press(page, 'back');
  await settled(page, 3);
  await press(page, 'eventForward');
  await expect.poll(selected).toBe('child');
});

test('w3 while a copy flies legend, bar and counters say what the cells show', async () => {
  const page = await openAt(forkAndCopy, 'lines=3&page=5&process=child', 3);
  await page.evaluate(() => {
    const told: string[] = [];
    Reflect.set(globalThis, 'told', told);
    const digits = (selector: string) => document.querySelector(selector)?.textContent ?? '';
    const look = () => {
      const legend = [
        ...document.querySelectorAll('.panel-virtual .gauges .legend:not(.marks-legend) li'),
      ];
      const counts = legend
        .map((item) => item.querySelector('.legend-count')?.textContent)
        .join(' ');
      const flies = document.querySelector('.flow [data-travelling]') !== null;
      told.push(`${flies} ${counts} | ${digits('[data-counter="copies"] .counter-value')}`);
      requestAnimationFrame(look);
    };
    look();
  });
  await press(page, 'step');
  await settled(page, 4);
  await seen(page);
  await frames(page, 3);
  const told = await page.evaluate(() => Reflect.get(globalThis, 'told') as string[]);
  const flying = told.filter((line) => line.startsWith('true'));
  // Zero, clean, dirty, read-only, transition, swapped, in transit.
  expect(new Set(flying)).toEqual(new Set(['true 15 0 0 0 0 0 1 | 0']));
  expect(told.at(-1)).toBe('false 15 0 1 0 0 0 0 | 1');
});

test('w3 a grid is never drawn stretched, while the page opens or its window is resized', async () => {
  const page = await site.open();
  await page.addInitScript(() => {
    const stretched: string[] = [];
    Reflect.set(globalThis, 'stretched', stretched);
    const look = () => {
      for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.cells canvas')) {
        const [width, height] = [canvas.clientWidth, canvas.clientHeight];
        // One that was not drawn yet has nothing to stretch.
        if (canvas.style.width === '' && canvas.width === 300) continue;
        const [right, bottom] = [canvas.width / devicePixelRatio, canvas.height / devicePixelRatio];
        if (Math.abs(width - right) > 1 || Math.abs(height - bottom) > 1) {
          stretched.push(`${width}x${height} shows ${right}x${bottom}`);
        }
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(`${site.address()}?measured${await encode(JSON.stringify(forkAndCopy))}`);
  await settled(page, 4);
  for (const width of [1000, 1440, 700, 390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await frames(page, 6);
  }
  expect(await page.evaluate(() => Reflect.get(globalThis, 'stretched'))).toEqual([]);
});

test('w3 frames of one process alone have no outline, and among others’ they have', async () => {
  const alone = withScript(
    { op: 'spawn', as: 'init', pages: 16 },
    { op: 'write', process: 'init', page: 3, value: 1 },
    { op: 'spawn', as: 'other', pages: 4 },
  );
  const page = await openAt(alone, 'lines=2&page=9', 2);
  const marked = () =>
    page
      .locator('#frames canvas')
      .nth(1)
      .evaluate((canvas: HTMLCanvasElement) => {
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
        // Captions are over the cells too: outlines are in the gaps between them.
        return data?.filter((value, at) => at % 4 === 3 && value > 0).length ?? 0;
      });
  await frames(page, 60);
  const before = await marked();
  await press(page, 'step');
  await settled(page, 3);
  await page.locator('[data-process="init"]').click();
  await page.locator('#pages').press('End');
  await expect.poll(marked).toBeGreaterThan(before + 40);
});
