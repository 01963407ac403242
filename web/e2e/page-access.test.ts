// For every eye, hand and screen: axe's rules, both themes, and the widths of real screens.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import { frames, leaveDialog, openScenario, overflow, withScript } from './page-kit.ts';

const site = useSite();
// Evaluated, not inserted: the page's policy lets no script in.
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const busyMachine = withScript(
  { op: 'spawn', as: 'init', pages: 256 },
  { op: 'run', process: 'init', pattern: { zipf: 0.9 }, accesses: 3000, writes: 0.4, seed: 1 },
  { op: 'fork', process: 'init', as: 'child' },
  { op: 'write', process: 'child', page: 0, value: 1 },
);

async function violations(page: Page): Promise<string[]> {
  // It stays in the page, and is half a megabyte to send.
  const isThere = await page.evaluate(() => Reflect.has(globalThis, 'axe'));
  if (!isThere) await page.evaluate(axe);
  // Colours on their way from one theme to the other are not what is judged.
  await page.evaluate(async () => {
    await new Promise((frame) => requestAnimationFrame(frame));
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  });
  return page.evaluate(async () => {
    const { violations: found } = await Reflect.get(globalThis, 'axe').run({
      // What is in order is not told one by one.
      resultTypes: ['violations'],
    });
    return found.map(
      ({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
        `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
    );
  });
}

const SCHEMES = ['dark', 'light'] as const;

async function wear(page: Page, scheme: (typeof SCHEMES)[number]): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme });
  await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe(scheme);
}

async function violationsInBothThemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const scheme of SCHEMES) {
    await wear(page, scheme);
    found.push(...(await violations(page)).map((one) => `${scheme}: ${one}`));
  }
  return found;
}

test('the page breaks no rule of axe', async () => {
  const page = await openScenario(site, busyMachine);
  expect(await violationsInBothThemes(page)).toEqual([]);
  // And with everything open that can be: panels, a list, a table beside another.
  await page.locator('[data-process="init"]').click();
  await page.locator('[data-tab="timing"]').click();
  await page.locator('[data-tab="locks"]').click();
  await page.locator('[data-opens="2"]').click();
  await page.locator('[data-hide]').first().click();
  await page.locator('[data-beside]').first().waitFor();
  await page.locator('.latency-chart canvas').waitFor();
  await page.locator('[data-region]').first().waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
});

test('with one panel in all the room, presenting, and at every width the page breaks no rule of axe', async () => {
  const page = await openScenario(site, busyMachine);
  const found: Record<string, string[]> = {};
  const look = async (state: string) => {
    const broken = await violationsInBothThemes(page);
    if (broken.length > 0) found[state] = broken;
  };
  await page.locator('[data-maximise="physical"]').click();
  await look('a panel with all the room');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+P');
  await look('presenting');
  await page.keyboard.press('Escape');
  await page.locator('[data-view="open"]').click();
  await look('how the page looks');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 720, height: 450 });
  await look('at 200 %');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator('#pages').click({ position: { x: 100, y: 20 } });
  await page.locator('.sheet').waitFor();
  await look('the sheet of a cell');
  expect(found).toEqual({});
});

test('the story of the first visit breaks no rule of axe', async () => {
  const page = await openScenario(site, busyMachine);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.keyboard.press('h');
  await page.locator('[data-story="playing"]').waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
});

for (const [of, selector] of [
  ['a page', '#pages'],
  ['a frame', '#frames'],
  ['a slot', '#slots'],
  ['a process', '[data-process="child"]'],
] as const) {
  test(`the menu of ${of} breaks no rule of axe`, async () => {
    const page = await openScenario(site, busyMachine);
    await page
      .locator(selector)
      .first()
      .click({ button: 'right', position: { x: 60, y: 12 } });
    await page.locator('[role="menu"]').waitFor();
    expect(await violationsInBothThemes(page)).toEqual([]);
  });
}

test('no dialog breaks a rule of axe', async () => {
  const page = await openScenario(site, busyMachine);
  const found: Record<string, string[]> = {};
  for (const [key, name] of [
    ['?', 'keys'],
    ['Shift+Y', 'glossary'],
    ['Control+k', 'palette'],
    ['j', 'edit'],
    ['m', 'machine'],
    ['g', 'run'],
    ['o', 'presets'],
    ['Shift+O', 'traces'],
    ['q', 'words'],
    ['l', 'share'],
    ['c', 'report'],
    ['b', 'breakpoints'],
    [':', 'go-to'],
  ] as const) {
    await page.keyboard.press(key);
    await page.locator(`[data-dialog="${name}"]`).waitFor();
    if (name === 'report') await page.locator('.report').waitFor();
    const broken = await violationsInBothThemes(page);
    if (broken.length > 0) found[name] = broken;
    await leaveDialog(page);
  }
  expect(found).toEqual({});
});

test('a lesson breaks no rule of axe, and leads through its question by keyboard alone', async () => {
  const page = await openScenario(site, busyMachine);
  await page.setViewportSize({ width: 1440, height: 1200 });
  await page.keyboard.press('o');
  await page.locator('.preset-search').fill('belady');
  await page.locator('[data-preset="belady"]').focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-question="open"]').waitFor();
  await page.locator('[data-status="ready"]').waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.locator('.lesson-answers input').focus();
  await page.keyboard.type('9');
  await page.keyboard.press('Enter');
  await page.locator('[data-verdict="right"]').waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
});

test('in a low window the text of a lesson is scrolled by keys, and in another is no stop of the Tab key', async () => {
  const page = await openScenario(site, {
    ...busyMachine,
    about: 'A process and its child share a page until one of them writes it. '.repeat(12),
  });
  const told = page.locator('.lesson-about');
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect.poll(() => told.getAttribute('tabindex')).toBe(null);
  await page.setViewportSize({ width: 1024, height: 768 });
  await expect.poll(() => told.getAttribute('tabindex')).toBe('0');
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.locator('.lesson summary').focus();
  await page.keyboard.press('Tab');
  expect(await told.evaluate((text) => text === document.activeElement)).toBe(true);
  const top = () => told.evaluate((text) => text.scrollTop);
  expect(await top()).toBe(0);
  await page.keyboard.press('ArrowDown');
  await expect.poll(top).toBeGreaterThan(0);
});

test('the comparison of two machines breaks no rule of axe', async () => {
  const page = await openScenario(site, busyMachine);
  await page.keyboard.press('m');
  await page.locator('[data-dialog="machine"] [name="policy"]').selectOption({ label: 'lru' });
  await page.locator('[data-machine="compare"]').click();
  await page.locator('[data-dialog="compare"] [data-rows="different"]').waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
});

test('the layout holds from a telephone to a wall', async () => {
  const page = await openScenario(site, busyMachine);
  for (const [width, height] of [
    [390, 844],
    [768, 1024],
    [1024, 768],
    [1440, 900],
    [2560, 1440],
  ] as const) {
    await page.setViewportSize({ width, height });
    await frames(page, 12);
    await expect.poll(() => overflow(page), { message: `at ${width} px` }).toBeLessThanOrEqual(0);
    const cut = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('button, input, .panel h2')]
          .filter((element) => {
            const { left, right, width: wide } = element.getBoundingClientRect();
            return wide > 0 && (left < -1 || right > innerWidth + 1);
          })
          .map((element) => element.outerHTML.slice(0, 80)),
      );
    await expect.poll(cut, { message: `at ${width} px` }).toEqual([]);
  }
});

/** What is wrong with where things stand: panels that are not there, boxes and words that lie upon each other. */
function layoutFaults(): string[] {
  interface Box {
    name: string;
    left: number;
    top: number;
    right: number;
    bottom: number;
  }
  const boxOf = (name: string, { left, top, right, bottom }: DOMRect): Box => ({
    name,
    left,
    top,
    right,
    bottom,
  });
  const overlaps = (a: Box, b: Box) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1.5 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1.5;
  const pairsUpon = (boxes: Box[]) =>
    boxes.flatMap((one, at) =>
      boxes
        .slice(at + 1)
        .filter((other) => overlaps(one, other))
        .map((other) => `${one.name} lies upon ${other.name}`),
    );
  const faults: string[] = [];
  const panels = [...document.querySelectorAll('.top, section.panel, .transport')].map((panel) =>
    boxOf(panel.className, panel.getBoundingClientRect()),
  );
  for (const { name, left, top, right, bottom } of panels) {
    if (right - left < 20 || bottom - top < 12) faults.push(`${name} is not seen`);
  }
  faults.push(...pairsUpon(panels));
  // A bench has all of them in its window.
  if (innerWidth >= 640 && document.documentElement.scrollHeight > innerHeight + 1) {
    faults.push('the page is taller than its window');
  }
  // Words, as far as they are seen: what scrolls cuts them off. The playbar may lie over what is scrolled.
  const words: Box[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent === null || !node.textContent?.trim()) continue;
    if (parent.closest('.unseen, .playbar, option, script, [hidden]') !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      const box = boxOf(`“${node.textContent.trim().slice(0, 24)}”`, rect);
      for (let over: Element | null = parent; over !== null; over = over.parentElement) {
        if (getComputedStyle(over).overflow === 'visible') continue;
        const edge = over.getBoundingClientRect();
        box.left = Math.max(box.left, edge.left);
        box.right = Math.min(box.right, edge.right);
        box.top = Math.max(box.top, edge.top);
        box.bottom = Math.min(box.bottom, edge.bottom);
      }
      if (box.right - box.left > 1 && box.bottom - box.top > 1) words.push(box);
    }
  }
  return [...faults, ...pairsUpon(words)];
}

for (const [width, height] of [
  [390, 844],
  [1440, 900],
  [2560, 1440],
] as const) {
  test(`at ${width} px every panel is there, and nothing lies upon anything else`, async () => {
    const page = await openScenario(site, busyMachine);
    await page.setViewportSize({ width, height });
    for (const scheme of SCHEMES) {
      await wear(page, scheme);
      // The grids fit themselves to their new room.
      await frames(page, 18);
      await expect.poll(() => page.evaluate(layoutFaults), { message: scheme }).toEqual([]);
    }
    // What does lie upon something else is found.
    await page.locator('.panel-swap h2').evaluate((title) => {
      title.style.marginRight = '-40px';
    });
    expect(await page.evaluate(layoutFaults)).not.toEqual([]);
  });
}
