// For every eye, hand and screen: axe's rules, both themes, and the widths of real screens.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import { openScenario, withScript } from './page-kit.ts';

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
  await page.evaluate(axe);
  // Colours on their way from one theme to the other are not what is judged.
  await page.evaluate(async () => {
    await new Promise((frame) => requestAnimationFrame(frame));
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  });
  return page.evaluate(async () => {
    const { violations: found } = await Reflect.get(globalThis, 'axe').run();
    return found.map(
      ({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
        `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
    );
  });
}

for (const scheme of ['dark', 'light'] as const) {
  test(`${scheme}: the page breaks no rule of axe`, async () => {
    const page = await openScenario(site, busyMachine);
    await page.emulateMedia({ colorScheme: scheme });
    await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe(scheme);
    expect(await violations(page)).toEqual([]);
    // And with everything open that can be: panels, a list, a table beside another.
    await page.locator('[data-process="init"]').click();
    await page.locator('.panel-timing .fold').click();
    await page.locator('.panel-locks .fold').click();
    await page.locator('[data-opens="2"]').click();
    await page.locator('[data-beside]').first().click();
    await page.locator('.latency-chart canvas').waitFor();
    await page.locator('[data-region]').first().waitFor();
    expect(await violations(page)).toEqual([]);
  });
}

for (const [key, name] of [
  ['?', 'keys'],
  ['Control+k', 'palette'],
  ['j', 'edit'],
  ['m', 'machine'],
  ['g', 'run'],
  ['o', 'presets'],
  ['l', 'share'],
  ['c', 'report'],
] as const) {
  test(`the dialog ${name} breaks no rule of axe`, async () => {
    const page = await openScenario(site, busyMachine);
    await page.keyboard.press(key);
    await page.locator(`[data-dialog="${name}"]`).waitFor();
    if (name === 'report') await page.locator('.report').waitFor();
    expect(await violations(page)).toEqual([]);
  });
}

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
    await page.waitForTimeout(200);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `at ${width} px`).toBeLessThanOrEqual(0);
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('button, input, .panel h2')]
        .filter((element) => {
          const { left, right, width: wide } = element.getBoundingClientRect();
          return wide > 0 && (left < -1 || right > innerWidth + 1);
        })
        .map((element) => element.outerHTML.slice(0, 80)),
    );
    expect(cut, `at ${width} px`).toEqual([]);
  }
});
