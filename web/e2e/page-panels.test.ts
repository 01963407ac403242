// W1: panels: the tabs of the deck, folded, at full size, and presenting.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { encode } from '../src/share/codec.ts';
import { useSite } from './harness.ts';
import { forkAndWrite, frames, openScenario, settled } from './page-kit.ts';
import { panels, seen, sizeOf } from './seen.ts';

const desk = useSite({ browser: { viewport: { width: 1440, height: 900 } } });

const storm: Scenario = JSON.parse(
  readFileSync(new URL('../../scenarios/fork-storm.json', import.meta.url), 'utf8'),
);

test('w1 the deck has tabs: one panel has its whole width, two share it, and none leaves 40 px', async () => {
  const page = await openScenario(desk, storm);
  const open = () =>
    page
      .locator('.deck-panels > .panel')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-panel')));
  expect(await open()).toEqual(['tape', 'counters']);
  await page.locator('[data-tab="timing"]').click();
  await expect.poll(open).toEqual(['tape', 'timing']);
  await page.locator('[data-tab="tape"]').click();
  await expect.poll(open).toEqual(['timing']);
  expect((await sizeOf(page, '.panel-timing')).width).toBe(1440);
  await page.locator('[data-tab="timing"]').click();
  await expect.poll(open).toEqual([]);
  const grid = await sizeOf(page, '.panel-physical');
  expect((await sizeOf(page, '.deck-tabs')).height).toBeLessThanOrEqual(40);
  // What the deck gave up the grids have.
  await page.locator('[data-tab="locks"]').click();
  await expect
    .poll(async () => (await sizeOf(page, '.panel-physical')).height)
    .toBeLessThan(grid.height - 60);
  await page.reload();
  await settled(page, storm.script?.length ?? 0);
  expect(await open()).toEqual(['locks']);
});

test('w1 a folded panel is 40 px and leaves no hole', async () => {
  const page = await openScenario(desk, storm);
  for (const name of ['virtual', 'script', 'swap']) {
    await page.locator(`.panel-${name} .fold`).click();
    await expect
      .poll(async () => (await sizeOf(page, `.panel-${name}`)).height, { message: name })
      .toBeLessThanOrEqual(41);
  }
  await page.locator('.panel-processes .fold').click();
  await expect.poll(async () => (await sizeOf(page, '.left')).width).toBe(40);
  // Each column is filled by what is open in it.
  const gaps = await page.evaluate(() =>
    ['.centre', '.right'].map((column) => {
      const all = [...document.querySelectorAll(`${column} > .panel`)];
      const used = all.reduce((sum, one) => sum + one.getBoundingClientRect().height, 0);
      return (document.querySelector(column)?.getBoundingClientRect().height ?? 0) - used;
    }),
  );
  for (const gap of gaps) expect(gap).toBeLessThanOrEqual(4);
});

test('w1 every panel is given all the room by a button and by a key, and Escape gives it back', async () => {
  const page = await openScenario(desk, storm);
  const usual = await panels(page);
  for (const tab of ['faults', 'timing', 'locks', 'tape', 'counters']) {
    const isOpen =
      (await page.locator(`[data-tab="${tab}"]`).getAttribute('aria-expanded')) === 'true';
    if (!isOpen) await page.locator(`[data-tab="${tab}"]`).click();
    await page.locator(`[data-maximise="${tab}"]`).click();
    await expect.poll(() => panels(page), { message: tab }).toEqual([tab]);
    const { width, height } = await sizeOf(page, `.panel-${tab}`);
    expect(width * height, tab).toBeGreaterThan(1440 * 900 * 0.7);
    await page.keyboard.press('Escape');
  }
  for (const name of ['processes', 'virtual', 'physical', 'swap', 'inspector', 'script']) {
    await page.locator(`[data-maximise="${name}"]`).click();
    await expect.poll(() => panels(page), { message: name }).toEqual([name]);
    const { width, height } = await sizeOf(page, `.panel-${name}`);
    expect(width * height, name).toBeGreaterThan(1440 * 900 * 0.7);
    expect((await seen(page, '[data-command="play"]')).length).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => panels(page)).toContain('physical');
  }
  // The key means the panel with the focus.
  await page.locator('#pages').focus();
  await page.keyboard.press('Shift+M');
  await expect.poll(() => panels(page)).toEqual(['virtual']);
  await page.keyboard.press('Shift+M');
  await expect.poll(async () => (await panels(page)).length).toBe(usual.length);
});

test('w1 presenting: large words, three panels, and a clicker steps by line wherever the focus is', async () => {
  const page = await openScenario(desk, forkAndWrite);
  const type = () =>
    page
      .locator('.panel-script h2')
      .evaluate((title) => Number.parseFloat(getComputedStyle(title).fontSize));
  const usual = await type();
  await page.keyboard.press('Shift+P');
  await expect.poll(() => panels(page)).toEqual(['virtual', 'physical', 'script']);
  expect(await type()).toBeGreaterThanOrEqual(usual * 1.5);
  const position = () => page.locator('.transport .position').textContent();
  for (const focus of ['.scrub input', '#frames', '.line-go[tabindex="0"]']) {
    await page.locator(focus).focus();
    await page.keyboard.press('PageUp');
    await expect.poll(position, { message: focus }).toBe('4 / 5');
    await page.keyboard.press('PageDown');
    await expect.poll(position, { message: focus }).toBe('5 / 5');
  }
  await page.keyboard.press('Escape');
  await expect.poll(() => panels(page)).toContain('inspector');
  expect(await type()).toBe(usual);
  // Then the keys are the grid's and the slider's again.
  await page.locator('#frames').focus();
  await page.keyboard.press('PageUp');
  await frames(page, 6);
  expect(await position()).toBe('5 / 5');
});

test('w5 links from before the deck had tabs open what they name', async () => {
  const fragment = await encode(JSON.stringify(forkAndWrite));
  const page = await desk.open(`${fragment}&folded=swap.tape.faults`);
  await settled(page, 5);
  const expanded = (tab: string) =>
    page.locator(`[data-tab="${tab}"]`).getAttribute('aria-expanded');
  expect(await Promise.all(['tape', 'counters', 'timing'].map(expanded))).toEqual([
    'false',
    'true',
    'false',
  ]);
  const measures = await desk.open(`${fragment}&opened=timing.locks`);
  await settled(measures, 5);
  const seenTabs = await measures
    .locator('.tab[aria-expanded="true"]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-tab')));
  expect(seenTabs).toEqual(['timing', 'locks']);
});
