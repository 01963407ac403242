// W3: lists in their order, page tables side by side, and the links between them; the live meters of threads.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { useSite } from './harness.ts';
import { countFrames, openScenario, withScript } from './page-kit.ts';

const site = useSite();

const family: Scenario = withScript(
  { op: 'spawn', as: 'init', pages: 64 },
  { op: 'write', process: 'init', page: 3, value: 7 },
  { op: 'write', process: 'init', page: 9, value: 7 },
  { op: 'fork', process: 'init', as: 'left' },
  { op: 'fork', process: 'init', as: 'right' },
  { op: 'write', process: 'right', page: 3, value: 1 },
);

/** Where a cell of a grid is on the screen. */
function cellOf(page: Page, grid: string, index: number): Promise<{ x: number; y: number }> {
  return page.locator(`#${grid}`).evaluate(async (element: HTMLElement, at) => {
    element.scrollIntoView({ block: 'center' });
    const columns = Number(element.getAttribute('aria-colcount'));
    const rows = Number(element.getAttribute('aria-rowcount'));
    const room = element.querySelector('.cells-room')?.getBoundingClientRect();
    if (room === undefined) throw new Error('the grid has no cells');
    // An inset of 4 around the cells, and a gutter for the numbers of the rows.
    const pitch = (room.height - 8) / rows;
    const gutter = room.width - 8 - columns * pitch;
    return {
      x: room.left + 4 + gutter + ((at % columns) + 0.45) * pitch,
      y: room.top + 4 + (Math.floor(at / columns) + 0.45) * pitch,
    };
  }, index);
}

/** How many pixels of the marks over a grid are drawn. */
function marked(page: Page, grid: string): Promise<number> {
  return page
    .locator(`#${grid} canvas`)
    .nth(1)
    .evaluate((canvas: HTMLCanvasElement) => {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      return pixels?.filter((value, at) => at % 4 === 3 && value > 0).length ?? 0;
    });
}

test('w3 a gauge opens its list: the frames in order, from head to tail, with what CPUs keep at hand', async () => {
  const page = await openScenario(site, family);
  const free = page.locator('[data-opens="1"]');
  await free.click();
  const list = page.locator('[data-list="1"]');
  await list.waitFor();
  expect(await free.getAttribute('aria-expanded')).toBe('true');
  expect(await list.locator('[data-stretch="list"]').count()).toBeGreaterThan(0);
  expect(await list.locator('[data-stretch="at-hand"]').first().textContent()).toMatch(
    /^cache of CPU \d, \d+ frames?: f\d+/,
  );
  // As many stand in the list as the gauge counts.
  const counted = await free.locator('.legend-count').textContent();
  await page.locator('#list').focus();
  await page.keyboard.press('Control+End');
  const last = await page.locator('#list-cell').textContent();
  const [, place, count, frame] = /^(\d+) of (\d+): Frame (\d+): free/.exec(last ?? '') ?? [];
  expect([place, count]).toEqual([counted, counted]);
  // What is chosen in the list is chosen among the frames.
  expect(await page.locator('#frames-cell').textContent()).toMatch(`Frame ${frame}: free`);
  await page.locator('[data-opens="2"]').click();
  await page.locator('[data-list="2"]').waitFor();
  expect(await page.locator('#list').getAttribute('aria-label')).toMatch(/^Active/);
  await page.locator('.list-close').click();
  expect(await page.locator('.list-order').count()).toBe(0);
});

test('w3 the watermarks stand on the bar of what is available', async () => {
  const page = await openScenario(site, {
    ...family,
    machine: { ...family.machine, trim: { low: 16, high: 32 } },
  });
  const levels = await page.locator('.level').evaluateAll((marks) => {
    const bar = marks[0]?.parentElement?.getBoundingClientRect();
    return marks.map((mark) => {
      const share = (mark.getBoundingClientRect().left - (bar?.left ?? 0)) / (bar?.width ?? 1);
      return Math.round(share * 64);
    });
  });
  expect(levels).toEqual([16, 32]);
});

test('w3 tables stand side by side, and a frame points to every PTE that maps it', async () => {
  const page = await openScenario(site, family);
  await page.locator('[data-process="init"]').click();
  await expect.poll(() => page.locator('[data-table]').count()).toBe(3);
  await page.locator('[data-hide="left"]').click();
  await expect.poll(() => page.locator('[data-table]').count()).toBe(2);
  await page.locator('[data-beside="left"]').click();
  await expect.poll(() => page.locator('[data-table]').count()).toBe(3);
  const names = page.locator('[data-table]');
  expect(
    await names.evaluateAll((tables) => tables.map((one) => one.getAttribute('data-table'))),
  ).toEqual(['init', 'left', 'right']);
  const grids = await names.evaluateAll((tables) =>
    tables.map((one) => one.querySelector('[role="grid"]')?.id ?? ''),
  );
  expect(new Set(grids).size).toBe(3);
  // Page 9 is shared by all three; of page 3 the last to write has its own copy.
  const others = grids.slice(1);
  const at = async (page_: number) => {
    const { x, y } = await cellOf(page, 'pages', page_);
    await page.mouse.move(x, y);
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await page.evaluate(() => new Promise(requestAnimationFrame));
    return Promise.all(others.map(async (grid) => (await marked(page, grid)) > 0));
  };
  await expect.poll(() => at(9)).toEqual([true, true]);
  await expect.poll(() => at(3)).toEqual([true, false]);
  await expect.poll(() => at(20)).toEqual([false, false]);
  expect(await page.locator('[data-table="right"] .radix').textContent()).toMatch(
    /^right directory f\d+ table f\d+$/,
  );
});

test('w3 a page is chosen in any table, and the tables stay where they are', async () => {
  const page = await openScenario(site, family);
  await page.locator('[data-process="init"]').click();
  await page.locator('[data-hide="left"]').click();
  await expect.poll(() => page.locator('[data-table]').count()).toBe(2);
  const grid = await page.locator('[data-table="right"] [role="grid"]').getAttribute('id');
  const { x, y } = await cellOf(page, grid ?? '', 3);
  await page.mouse.click(x, y);
  await expect
    .poll(() => page.locator('[data-process="right"]').getAttribute('aria-selected'))
    .toBe('true');
  expect(await page.locator('.panel-inspector h2').textContent()).toBe('Page 3 of right');
  expect(
    await page
      .locator('[data-table]')
      .evaluateAll((tables) => tables.map((one) => one.getAttribute('data-table'))),
  ).toEqual(['init', 'right']);
  await page.keyboard.press('Tab');
  expect(await page.locator('[data-process="right"]').getAttribute('aria-selected')).toBe('true');
});

test('w4 on threads the meters follow the machine, and a machine at rest draws nothing', async () => {
  const page = await openScenario(site, {
    ...withScript({ op: 'spawn', as: 'init', pages: 512 }),
    machine: { frames: 256, slots: 1024, cpus: 2 },
    runtime: { kind: 'threads' },
  });
  expect(await page.locator('[data-meter]').count()).toBe(3);
  await page.keyboard.press('g');
  const dialog = page.locator('[data-dialog="run"]');
  await dialog.locator('select[name="pattern"]').selectOption('uniform');
  await dialog.locator('input[name="accesses"]').fill('4000000000');
  await dialog.locator('button[type="submit"]').click();
  const rate = (name: string) => page.locator(`[data-meter="${name}"] dd`).textContent();
  await expect.poll(() => rate('accesses')).toMatch(/^[1-9][\d.]* [kM]\/s$/);
  await expect.poll(() => rate('faults')).toMatch(/^[1-9]/);
  const strip = page.locator('.meters canvas');
  const drawn = () =>
    strip.evaluate((canvas: HTMLCanvasElement) => {
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      return data?.filter((value, at) => at % 4 === 3 && value > 100).length ?? 0;
    });
  await expect.poll(drawn).toBeGreaterThan(1500);
  await page.keyboard.press('x');
  await page.locator('[data-status="ready"]').waitFor();
  await expect.poll(() => rate('accesses')).toBe('0/s');
  const asked = await countFrames(page);
  // Daemons may still be at work for a while.
  await expect.poll(() => asked(72)).toBe(0);
});
