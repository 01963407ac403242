// W1 and W2: every operation of a script by pointer and by keyboard, on one page or several, and the script itself:
// a line is edited where it stands, moved, removed, and all of it undone and done again.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import {
  classroom,
  counter,
  frames,
  leaveDialog,
  lines,
  openScenario,
  press,
  settled,
  withScript,
} from './page-kit.ts';

const site = useSite();

const everyOp = [
  'spawn',
  'write',
  'read',
  'fork',
  'evict',
  'switch',
  'map',
  'unmap',
  'run',
  'together',
  'settle',
  'expect',
  'audit',
  'sleep',
  'wake',
  'kill',
];

const ops = async (page: Page) => (await lines(page)).map((line) => line.split(' ')[0]);
const menuItem = (page: Page, label: string) =>
  page.locator('[role=menuitem]').filter({ hasText: label }).first();
const option = (page: Page, command: string) => page.locator(`[data-option="${command}"]`);

/** A place on the cell of a page, from the corner of the grid. */
async function cellOf(page: Page, grid: string, cell: number): Promise<{ x: number; y: number }> {
  // The first cell of each row is labelled; cells are as wide as they are apart.
  await page.locator(`#${grid}`).focus();
  const shape = await page.locator(`#${grid}`).evaluate((element) => ({
    columns: Number(element.getAttribute('aria-colcount')),
    room: element.firstElementChild?.clientWidth ?? 0,
  }));
  const gutter = 44;
  const pitch = (shape.room - gutter) / shape.columns;
  return {
    x: gutter + ((cell % shape.columns) + 0.5) * pitch,
    y: (Math.floor(cell / shape.columns) + 0.5) * pitch,
  };
}

test('w1 every operation of a script by keyboard', async () => {
  const page = await openScenario(site, classroom);
  // What asks for values is answered as it stands.
  const keys = ['s', 'w', 'r', 'f', 'e', 't⏎', '+⏎', '-', 'g', '&⏎', 'i', '=⏎', 'v', 'z', 'a', 'k'];
  for (const [done, [key = '', asks]] of keys.map((key) => [...key]).entries()) {
    // The page that goes is none that the rest is about.
    if (key === '-') await page.locator('#pages').press('End');
    await page.keyboard.press(key);
    if (key === '-') await page.locator('#pages').press('Control+Home');
    if (asks !== undefined) {
      await page.locator('[data-dialog="palette"]').waitFor();
      await page.keyboard.press('Enter');
    }
    if (key === 'g') {
      await page.locator('[data-dialog="run"] input[name="accesses"]').fill('100');
      await page.keyboard.press('Enter');
    }
    await settled(page, done + 1);
  }
  expect(await ops(page)).toEqual(everyOp);
  expect(await page.locator('.line.failed').count()).toBe(0);
});

test('w1 every operation of a script by pointer', async () => {
  const page = await openScenario(site, classroom);
  const grid = page.locator('#pages');
  const onCell = async (cell: number) => {
    const position = await cellOf(page, 'pages', cell);
    await grid.click({ button: 'right', position });
  };
  const onProcess = (name: string) =>
    page.locator(`[data-process="${name}"]`).click({ button: 'right' });
  const fromPalette = async (command: string) => {
    await press(page, 'palette');
    await option(page, command).click();
  };
  const steps: (() => Promise<void>)[] = [
    () => press(page, 'spawn'),
    async () => {
      await onCell(3);
      await menuItem(page, 'Write').click();
    },
    async () => {
      await onCell(3);
      await menuItem(page, 'Read').click();
    },
    async () => {
      await onProcess('init');
      await menuItem(page, 'Fork').click();
    },
    async () => {
      await onCell(3);
      await menuItem(page, 'Evict').click();
    },
    () => page.locator('[data-process="init"]').dragTo(page.locator('[data-cpu="1"]')),
    async () => {
      await press(page, 'map');
      await option(page, 'line').click();
    },
    async () => {
      await onCell(5);
      await menuItem(page, 'Unmap').click();
    },
    async () => {
      await onProcess('init');
      await menuItem(page, 'Run a workload').click();
      await page.locator('[data-dialog="run"] input[name="accesses"]').fill('100');
      await page.locator('[data-dialog="run"] button[type="submit"]').click();
    },
    async () => {
      await onCell(3);
      await menuItem(page, 'Run in parallel').click();
      await option(page, 'line').click();
    },
    () => fromPalette('settle'),
    async () => {
      await onCell(3);
      await menuItem(page, 'Expect').click();
      await option(page, 'line').click();
    },
    () => fromPalette('audit'),
    () => press(page, 'sleep'),
    () => press(page, 'wake'),
    () => press(page, 'kill'),
  ];
  for (const [done, step] of steps.entries()) {
    await step();
    await settled(page, done + 1);
  }
  expect(await ops(page)).toEqual(everyOp);
  expect((await lines(page))[5]).toBe('switch CPU 1 → init');
  expect(await page.locator('.line.failed').count()).toBe(0);
});

test('w2 the palette finds a command by a few letters, and reads a line of the script', async () => {
  const page = await openScenario(site, withScript({ op: 'spawn', as: 'init', pages: 64 }));
  await page.keyboard.press('Control+k');
  await page.keyboard.type('write init 3 = 7');
  await page.keyboard.press('Enter');
  await settled(page, 2);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('frk');
  expect(await page.locator('[aria-selected=true] .palette-name').textContent()).toBe('Fork');
  await page.keyboard.press('Enter');
  await settled(page, 3);
  expect((await lines(page)).slice(1)).toEqual(['write init · page 3 = 7', 'fork init → child']);
  // What the format does not allow never reaches the machine.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('write init 3 + 3 = 7');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('.palette-hint').textContent()).toMatch(/multiple of 8/);
  await leaveDialog(page);
  expect((await lines(page)).length).toBe(3);
});

test('w2 several pages are selected by Shift, by arrows and by dragging, and written together', async () => {
  const page = await openScenario(site, withScript({ op: 'spawn', as: 'init', pages: 64 }));
  const cell = page.locator('#pages-cell');
  const grid = page.locator('#pages');
  await grid.click({ position: await cellOf(page, 'pages', 2) });
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => cell.textContent()).toMatch(/pages 2 to 4 are selected$/);
  await page.keyboard.press('w');
  await settled(page, 4);
  expect((await lines(page)).slice(1)).toEqual([
    'write init · page 2 = 1',
    'write init · page 3 = 2',
    'write init · page 4 = 3',
  ]);
  await expect.poll(() => counter(page, 'demand_zero')).toBe(3);
  // One action, so one undo.
  await page.keyboard.press('u');
  await settled(page, 1);

  await grid.click({ position: await cellOf(page, 'pages', 8) });
  await grid.click({ position: await cellOf(page, 'pages', 11), modifiers: ['Shift'] });
  await page.keyboard.press('-');
  await settled(page, 2);
  expect((await lines(page)).at(-1)).toBe('unmap init · page 8, 4 pages');

  const from = await cellOf(page, 'pages', 1);
  const to = await cellOf(page, 'pages', 3);
  const box = await grid.boundingBox();
  if (box === null) throw new Error('the grid is not there');
  await page.mouse.move(box.x + from.x, box.y + from.y);
  await page.mouse.down();
  await page.mouse.move(box.x + to.x, box.y + to.y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => cell.textContent()).toMatch(/pages 1 to 3 are selected$/);
  await page.keyboard.press('Shift+F10');
  expect(await page.locator('.menu-title').textContent()).toBe('Pages 1 to 3 of init');
  await page.keyboard.press('Escape');
  await page.locator('.menu').waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  expect(await page.locator('[data-dialog="run"] input[name="first"]').inputValue()).toBe('1');
  expect(await page.locator('[data-dialog="run"] input[name="last"]').inputValue()).toBe('3');
});

test('w2 a frame and a slot offer what can be done to the page that is in them', async () => {
  const page = await openScenario(
    site,
    withScript(
      { op: 'spawn', as: 'init', pages: 8 },
      { op: 'write', process: 'init', page: 5, value: 1 },
      { op: 'evict', process: 'init', page: 5 },
    ),
  );
  await page.locator('#slots').focus();
  await page.keyboard.press('Shift+F10');
  expect(await page.locator('.menu-title').textContent()).toBe('Slot 1 · Page 5 of init');
  await menuItem(page, 'Read').click();
  await settled(page, 4);
  const frame = Number(
    /frame (\d+)/.exec((await page.locator('#pages-cell').textContent()) ?? '')?.[1],
  );
  await page.locator('#frames').click({
    button: 'right',
    position: await cellOf(page, 'frames', frame),
  });
  expect(await page.locator('.menu-title').textContent()).toBe(`Frame ${frame} · Page 5 of init`);
  await menuItem(page, 'Evict').click();
  await settled(page, 5);
  expect((await lines(page)).slice(3)).toEqual(['read init · page 5', 'evict init · page 5']);
});

const three = withScript(
  { op: 'spawn', as: 'init', pages: 8 },
  { op: 'write', process: 'init', page: 0, value: 1 },
  { op: 'write', process: 'init', page: 1, value: 2 },
);

test('w2 a line is edited where it stands, and the machine is as the script then says', async () => {
  const page = await openScenario(site, three);
  // The script comes to rest with its last line in sight.
  await frames(page, 6);
  await page.locator('.line-go').nth(1).dblclick();
  const field = page.locator('input[name="line"]');
  expect(await field.inputValue()).toBe('write init 0 = 1');
  await field.fill('write init 0 = one');
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await field.fill('write init 7 = 9');
  await field.press('Enter');
  await field.waitFor({ state: 'detached' });
  await settled(page, 2);
  await expect
    .poll(() => lines(page))
    .toEqual(['spawn init, 8 pages', 'write init · page 7 = 9', 'write init · page 1 = 2']);
  await page.keyboard.press('F2');
  await field.waitFor();
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
});

test('w2 lines are moved and removed, and every change is undone and done again', async () => {
  const page = await openScenario(site, three);
  await page.keyboard.press('Alt+ArrowUp');
  await settled(page, 2);
  const moved = ['spawn init, 8 pages', 'write init · page 1 = 2', 'write init · page 0 = 1'];
  expect(await lines(page)).toEqual(moved);
  await page.locator('.line').nth(1).hover();
  await page.locator('.line').nth(1).locator('[data-line="down"]').click();
  await settled(page, 2);
  await page.locator('.line').nth(1).hover();
  await page.locator('.line').nth(1).locator('[data-line="remove"]').click();
  await settled(page, 1);
  expect(await lines(page)).toEqual(['spawn init, 8 pages', 'write init · page 1 = 2']);
  await page.keyboard.press('Control+z');
  await settled(page, 2);
  await page.keyboard.press('u');
  await settled(page, 2);
  expect(await lines(page)).toEqual(moved);
  await page.keyboard.press('u');
  await settled(page, 3);
  expect((await lines(page))[1]).toBe('write init · page 0 = 1');
  await page.keyboard.press('Shift+U');
  await settled(page, 2);
  expect(await lines(page)).toEqual(moved);
});
