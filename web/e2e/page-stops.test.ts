// W1: what the Tab key and a drag of the mouse do on the way through the page.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { useSite } from './harness.ts';
import { forkAndWrite, frames, openScenario } from './page-kit.ts';
import { seen } from './seen.ts';

const desk = useSite({ browser: { viewport: { width: 1440, height: 900 } } });

const storm: Scenario = JSON.parse(
  readFileSync(new URL('../../scenarios/fork-storm.json', import.meta.url), 'utf8'),
);

test('w1 a drag of a process marks no text', async () => {
  const page = await openScenario(desk, storm);
  const [from, to] = await Promise.all([
    page.locator('[data-process="cc"] .process-name').boundingBox(),
    page.locator('.panel-inspector .facts').boundingBox(),
  ]);
  await page.mouse.move((from?.x ?? 0) + 4, (from?.y ?? 0) + 6);
  await page.mouse.down();
  await page.mouse.move((to?.x ?? 0) + 60, (to?.y ?? 0) + 30, { steps: 8 });
  expect(await page.evaluate(() => String(getSelection()))).toBe('');
  await page.mouse.up();
  expect(await page.evaluate(() => String(getSelection()))).toBe('');
});

test('w1 the script is one stop of the Tab key, whose arrows go through lines and their tools', async () => {
  const page = await openScenario(desk, storm);
  const stops = () =>
    page
      .locator('.script button')
      .evaluateAll((all) => all.filter((one) => (one as HTMLElement).tabIndex >= 0).length);
  expect(await stops()).toBe(1);
  await page.locator('.script [tabindex="0"]').focus();
  const focused = () =>
    page.evaluate(() => {
      const line = document.activeElement?.closest('.line');
      const tool = document.activeElement?.getAttribute('data-line') ?? 'go';
      return `${line?.querySelector('.line-number')?.textContent} ${tool}`;
    });
  expect(await focused()).toBe('19 go');
  for (const [key, place] of [
    ['ArrowUp', '18 go'],
    ['ArrowRight', '18 edit'],
    ['ArrowLeft', '18 go'],
    ['Home', '1 go'],
    ['End', '19 go'],
  ] as const) {
    await page.keyboard.press(key);
    await expect.poll(focused, { message: key }).toBe(place);
  }
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('.transport .position').textContent()).toBe('18 / 19');
  expect(await stops()).toBe(1);
});

test('w1 the first stop leads to the transport', async () => {
  const page = await openScenario(desk, forkAndWrite);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
    'Skip to the transport',
  );
  expect((await seen(page, '.skip')).length).toBe(1);
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-command'))).toBe(
    'play',
  );
  expect(new URL(page.url()).hash).toMatch(/^#1\./);
});

test('w1 passing a grid by the Tab key changes nothing, and its first arrow begins at its first cell', async () => {
  const page = await openScenario(desk, forkAndWrite);
  const subject = () => page.locator('.panel-inspector h2').textContent();
  const before = await subject();
  expect(before).toMatch(/^Page 3 of/);
  await page.locator('#frames').focus();
  await page.locator('#slots').focus();
  await page.locator('#pages').focus();
  await frames(page, 3);
  expect(await subject()).toBe(before);
  await page.locator('#frames').focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(subject).toBe('Frame 0');
});
