// W3: what a line does is played over the grids in its true order, and leaves the machine as it is.

import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import { counter, frames, openScenario, settled, withScript } from './page-kit.ts';

const site = useSite();

const story = withScript(
  { op: 'spawn', as: 'init', pages: 64 },
  { op: 'write', process: 'init', page: 3, value: 42 },
  { op: 'fork', process: 'init', as: 'child' },
);

const travelling = '.flow [data-travelling]';

for (const [name, key] of [
  ['an eviction travels to swap', 'e'],
  ['a copy travels from frame to frame', 'w'],
] as const) {
  test(`w3 ${name}, and then everything is still`, async () => {
    const page = await openScenario(site, story);
    expect(await page.locator(travelling).count()).toBe(0);
    const seen = page.waitForSelector(travelling);
    await page.keyboard.press(key);
    await seen;
    await settled(page, 4);
    await page.waitForSelector(travelling, { state: 'detached' });
  });
}

test('with reduced motion nothing travels', async () => {
  const page = await openScenario(site, story);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  // A page is told of another preference with its next frame.
  await page.evaluate(
    () => new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(told))),
  );
  await page.keyboard.press('e');
  await settled(page, 4);
  for (let look = 0; look < 10; look++) {
    expect(await page.locator(travelling).count()).toBe(0);
    await frames(page, 3);
  }
  expect(await counter(page, 'swap_writes')).toBe(1);
});

test('w3 a run plays at a speed, is paused in the middle of a line, and goes on to its end', async () => {
  const page = await openScenario(site, story);
  const events = async () =>
    Number((await page.locator('[data-place="event"]').textContent())?.replaceAll(',', ''));
  const whole = await events();
  await page.keyboard.press('0');
  await settled(page, 0);
  await page.locator('.speed select').selectOption({ label: '25 events a second' });
  await page.locator('[data-command="play"]').click();
  await expect.poll(events).toBeGreaterThan(5);
  await page.locator('[data-command="play"]').click();
  await page.locator('[data-status="ready"]').waitFor();
  const paused = await events();
  expect(paused).toBeLessThan(whole);
  await frames(page, 30);
  expect(await events()).toBe(paused);
  await page.locator('.speed select').selectOption({ label: 'At once' });
  await page.locator('[data-command="play"]').click();
  await settled(page, 3);
  expect(await events()).toBe(whole);
});
