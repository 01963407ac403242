// W1: low windows, where no part lies over another, and heads of tables, which are whole at any width.

import { expect, test } from 'vitest';
import type { Op } from '../src/generated/types.d.ts';
import { useSite } from './harness.ts';
import {
  forkAndWrite,
  fortyProcesses,
  frames,
  openScenario,
  overflow,
  withScript,
} from './page-kit.ts';
import { panels, seen, sizeOf } from './seen.ts';

const site = useSite();
const desk = useSite({ browser: { viewport: { width: 1440, height: 900 } } });

test('w1 of where a table is, its head shows each frame with its word or not at all', async () => {
  const page = await openScenario(
    desk,
    withScript(
      { op: 'spawn', as: 'shell', pages: 600 },
      ...['editor', 'compiler', 'debugger-of-the-kernel'].map(
        (child): Op => ({ op: 'fork', process: 'shell', as: child }),
      ),
    ),
  );
  await expect.poll(() => page.locator('.radix').count()).toBe(4);
  for (const width of [640, 768, 1024, 1440, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const cut = () =>
      page.locator('.radix > *').evaluateAll((parts) =>
        parts.flatMap((part) => {
          const head = part.parentElement?.getBoundingClientRect();
          const { left, right, top, bottom } = part.getBoundingClientRect();
          if (head === undefined || top >= head.bottom - 1) return [];
          const isWhole = left >= head.left && right <= head.right + 1 && bottom <= head.bottom + 1;
          return isWhole ? [] : [part.textContent];
        }),
      );
    await expect.poll(cut, { message: `at ${width} px` }).toEqual([]);
    // Whose table it is, is said at any width.
    for (const name of ['shell', 'editor', 'compiler']) {
      await expect.poll(() => seen(page, `[data-table="${name}"] .radix strong`)).toHaveLength(1);
    }
  }
});

test('w1 tables that could be put beside leave title and caption whole', async () => {
  const page = await openScenario(desk, {
    ...fortyProcesses,
    machine: { ...fortyProcesses.machine, frames: 256 },
  });
  await page.locator('.beside .chip').first().waitFor();
  const cut = () =>
    page.locator('.panel-virtual').evaluate((panel) =>
      ['h2 .fold', '.caption'].filter((of) => {
        const words = panel.querySelector(of);
        return words === null || words.scrollWidth > words.clientWidth + 1;
      }),
    );
  await expect.poll(cut).toEqual([]);
});

for (const [width, height, of] of [
  [720, 450, '1440 x 900'],
  [960, 540, '1920 x 1080'],
] as const) {
  test(`w1 at 200 % zoom of ${of} the bench stays a bench, with tabs for its side`, async () => {
    const page = await openScenario(site, forkAndWrite);
    await page.setViewportSize({ width, height });
    await frames(page, 6);
    await expect.poll(() => overflow(page)).toBeLessThanOrEqual(0);
    expect(
      await page.evaluate(() => document.documentElement.scrollHeight - innerHeight),
    ).toBeLessThanOrEqual(0);
    expect(await panels(page)).toEqual(
      expect.arrayContaining(['processes', 'virtual', 'physical']),
    );
    expect(await seen(page, '.process')).toEqual(['init', 'child']);
    for (const grid of ['#pages', '#frames']) {
      expect((await sizeOf(page, grid)).height, grid).toBeGreaterThan(80);
    }
    for (const command of ['play', 'step', 'back']) {
      expect((await seen(page, `[data-command="${command}"]`)).length, command).toBe(1);
    }
    for (const side of ['inspector', 'script', 'processes']) {
      await page.locator(`[data-side="${side}"]`).click();
      await expect.poll(() => seen(page, `.side [data-panel]`)).toEqual([side]);
    }
    // A panel of the deck has the bench for itself, and gives it back.
    await page.locator('[data-tab="counters"]').click();
    await expect.poll(() => panels(page)).toEqual(['counters']);
    await page.keyboard.press('Escape');
    await expect.poll(() => panels(page)).toContain('physical');
  });
}

for (const [name, width, height, type] of [
  ['at 200 % zoom of 1440 x 900', 720, 450, 'usual'],
  ['at 1440 x 900 in the largest type', 1440, 900, 'largest'],
] as const) {
  test(`w1 ${name} under a lesson no part of a grid’s panel lies over another, or over the transport`, async () => {
    const page = await openScenario(site, {
      ...forkAndWrite,
      about: 'A process and its child share a page until one of them writes it. '.repeat(4),
    });
    await page.setViewportSize({ width, height });
    await page.evaluate((size) => {
      if (size !== 'usual') document.documentElement.setAttribute('data-type', size);
    }, type);
    await frames(page, 6);
    const parts = () =>
      page.evaluate(() => {
        const boxes = (selector: string) =>
          [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect());
        const over: string[] = [];
        for (const panel of ['virtual', 'physical']) {
          const inOrder = [
            '.panel-head',
            '.tables, .cells',
            '.stack',
            '.legend:not(.marks-legend)',
            '.marks-legend',
          ];
          let bottom = 0;
          for (const part of inOrder) {
            const selector = part
              .split(', ')
              .map((one) => `.panel-${panel} ${one}`)
              .join(', ');
            const shown = boxes(selector).filter((box) => box.height > 0);
            if (shown.some(({ top }) => top < bottom - 5)) over.push(`${panel} ${part}`);
            bottom = Math.max(bottom, ...shown.map((box) => box.bottom));
          }
        }
        return over;
      });
    await expect.poll(parts).toEqual([]);
    for (const selector of ['.scrub input', '[data-command="play"]', '[data-command="follow"]']) {
      const control = page.locator(selector).first();
      await control.scrollIntoViewIfNeeded();
      const isOnTop = await control.evaluate((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const found = document.elementFromPoint(left + width / 2, top + height / 2);
        return found !== null && (element.contains(found) || found.contains(element));
      });
      expect(isOnTop, selector).toBe(true);
    }
    for (const grid of ['#pages', '#frames']) {
      expect((await sizeOf(page, grid)).height, grid).toBeGreaterThanOrEqual(36);
    }
  });
}
