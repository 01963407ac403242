// W1, W3: what of the machine is seen at once, and how it is looked at: the tree, tables, lists, locks and times.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Op } from '../src/generated/types.d.ts';
import { useSite } from './harness.ts';
import { openScenario, settled, withScript } from './page-kit.ts';

const site = useSite();

const family = withScript(
  { op: 'spawn', as: 'init', pages: 64 },
  { op: 'write', process: 'init', page: 3, value: 7 },
  { op: 'fork', process: 'init', as: 'left' },
  { op: 'fork', process: 'left', as: 'leaf' },
  { op: 'fork', process: 'init', as: 'right' },
  { op: 'sleep', process: 'right' },
  { op: 'evict', process: 'init', page: 3 },
  { op: 'write', process: 'leaf', page: 5, value: 1 },
);

function rows(page: Page) {
  return page
    .locator('[data-process]')
    .evaluateAll((items) =>
      items.map((item) => [
        item.getAttribute('data-process'),
        Number(item.getAttribute('aria-level')),
        item.getAttribute('aria-selected') === 'true',
      ]),
    );
}

test('w1 the tree shows who came from whom, who sleeps, and how much of each is where', async () => {
  const page = await openScenario(site, family);
  expect((await rows(page)).map(([name, level]) => [name, level])).toEqual([
    ['init', 1],
    ['left', 2],
    ['leaf', 3],
    ['right', 2],
  ]);
  const words = (name: string) =>
    page.locator(`[data-process="${name}"]`).evaluate((item) => item.textContent);
  expect(await words('right')).toBe('right, asleep0 resident1 swapped');
  expect(await words('leaf')).toMatch(/^leaf, (CPU \d|ready)1 resident1 swapped$/);
  expect(await page.locator('.branches path').count()).toBe(3);
});

test('w1 the tree is walked with arrow keys, closed and opened', async () => {
  const page = await openScenario(site, family);
  await page.locator('[data-process="init"]').focus();
  const chosen = async () => (await rows(page)).find(([, , selected]) => selected)?.[0];
  for (const [key, name] of [
    ['End', 'right'],
    ['Home', 'init'],
    ['ArrowRight', 'left'],
    ['ArrowDown', 'leaf'],
    ['ArrowLeft', 'left'],
  ] as const) {
    await page.keyboard.press(key);
    await expect.poll(chosen).toBe(name);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-process'))).toBe(
      name,
    );
  }
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => (await rows(page)).length).toBe(3);
  expect(await page.locator('[data-process="left"]').getAttribute('aria-expanded')).toBe('false');
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await rows(page)).length).toBe(4);
});

test('w1 a fork draws the child out of its parent, and not where motion is reduced', async () => {
  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    const page = await openScenario(site, family);
    await page.emulateMedia({ reducedMotion });
    await page.locator('[data-process="left"]').click();
    await page.keyboard.press('f');
    await settled(page, 9);
    const child = page.locator('.process.born').last();
    await child.waitFor();
    const motion = await child.evaluate((item) => getComputedStyle(item).animationName);
    expect(motion).toBe(reducedMotion === 'reduce' ? 'none' : 'born');
  }
});

test('w1 the tree stays usable with one process and with sixty, on a telephone too', async () => {
  const forks = Array.from(
    { length: 59 },
    (_, at): Op => ({
      op: 'fork',
      process: at === 0 ? 'p0' : `p${(at - 1) >> 1}`,
      as: `p${at + 1}`,
    }),
  );
  const storm = {
    ...withScript({ op: 'spawn', as: 'p0', pages: 8 }, ...forks),
    machine: { frames: 512, slots: 512, cpus: 2 },
  };
  const page = await openScenario(site, storm);
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    await expect.poll(async () => (await rows(page)).length).toBe(60);
    await page.locator('[data-process="p59"]').click();
    const row = page.locator('[data-process="p59"]');
    expect(await row.getAttribute('aria-selected')).toBe('true');
    const inside = await row.evaluate((item) => {
      const { left, right } = item.getBoundingClientRect();
      const name = item.querySelector('.process-name');
      return left >= 0 && right <= innerWidth && (name?.clientWidth ?? 0) > 12;
    });
    expect(inside, `at ${width} px`).toBe(true);
  }
});
