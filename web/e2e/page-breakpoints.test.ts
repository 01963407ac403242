// R4 in the page: a run stops at a breakpoint, and where the visitor stops it.

import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import {
  counter,
  eventOf,
  forkAndWrite,
  leaveDialog,
  openScenario,
  settled,
  withScript,
} from './page-kit.ts';

const site = useSite();

test('r4 a breakpoint from the selection stops the run and says why, until it is switched off', async () => {
  const page = await openScenario(site, forkAndWrite);
  const whole = await eventOf(page);
  await page.keyboard.press('0');
  await settled(page, 0);
  await page.keyboard.press('.');
  await settled(page, 1);
  await page.locator('input[name="page"]').fill('3');
  await page.locator('input[name="page"]').press('Enter');
  await page.keyboard.press('b');
  const dialog = page.locator('[data-dialog="breakpoints"]');
  await dialog.getByRole('button', { name: 'Stop when page 3 of init changes' }).click();
  await dialog.locator('select[name="kind"]').selectOption('event');
  await dialog.locator('select[name="event"]').selectOption('swap-write-begin');
  await dialog.locator('button[type="submit"]').click();
  expect(await dialog.locator('.breakpoints li').allTextContents()).toEqual([
    'When page 3 of init changes×',
    'When a page begins to be written to swap×',
  ]);
  await leaveDialog(page);
  await page.locator('.speed select').selectOption({ label: 'At once' });
  const stopped = page.locator('.stopped');
  const stops: string[] = [];
  const at: number[] = [];
  for (let stop = 0; stop < 40; stop++) {
    await page.keyboard.press(' ');
    await expect
      .poll(async () => {
        const event = await eventOf(page);
        return event === whole || (event > (at.at(-1) ?? 0) && (await stopped.isVisible()));
      })
      .toBe(true);
    await page.locator('[data-status="ready"]').waitFor();
    const event = await eventOf(page);
    if (event === whole) break;
    at.push(event);
    stops.push((await stopped.textContent()) ?? '');
  }
  expect(at.length).toBeGreaterThan(3);
  expect(new Set(stops)).toEqual(
    new Set(['Stopped: page 3 of init changes.', 'Stopped: a page begins to be written to swap.']),
  );
  expect(stops.filter((one) => one.includes('swap'))).toHaveLength(1);
  expect([...at].sort((one, other) => one - other)).toEqual(at);
  // Off, and removed: nothing stops it any more.
  await page.keyboard.press('0');
  await settled(page, 0);
  await page.keyboard.press('b');
  await dialog.locator('.breakpoints input').first().uncheck();
  await dialog
    .getByRole('button', { name: 'Remove: when a page begins to be written to swap' })
    .click();
  expect(await dialog.locator('.breakpoints li').count()).toBe(1);
  await leaveDialog(page);
  await page.keyboard.press(' ');
  await settled(page, 5);
  expect(await stopped.isVisible()).toBe(false);
});

test('r4 a run stops at a lock of a class', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.keyboard.press('0');
  await settled(page, 0);
  await page.keyboard.press('b');
  const dialog = page.locator('[data-dialog="breakpoints"]');
  await dialog.locator('select[name="kind"]').selectOption('lock');
  await dialog.locator('select[name="lock"]').selectOption('tree');
  await dialog.locator('select[name="awaited"]').selectOption('taken');
  await dialog.locator('button[type="submit"]').click();
  await leaveDialog(page);
  await page.keyboard.press(' ');
  await expect
    .poll(() => page.locator('.stopped').textContent())
    .toBe('Stopped: a tree lock is taken.');
});

test('r4 threads cannot be stopped within a line, and the transport says so', async () => {
  const page = await openScenario(site, { ...forkAndWrite, runtime: { kind: 'threads' } });
  expect(await page.locator('.transport-note').textContent()).toMatch(/line by line/);
  expect(await page.locator('.scrub').count()).toBe(0);
  await page.keyboard.press(',');
  await settled(page, 4);
  await page.keyboard.press(' ');
  await settled(page, 5);
});

test('r4 a run that only hits is stopped too, and goes on', async () => {
  const page = await openScenario(
    site,
    withScript(
      { op: 'spawn', as: 'init', pages: 4 },
      { op: 'write', process: 'init', page: 0, value: 1 },
    ),
  );
  await page.keyboard.press('g');
  const dialog = page.locator('[data-dialog="run"]');
  await dialog.locator('select[name="pattern"]').selectOption('uniform');
  await dialog.locator('input[name="accesses"]').fill('4000000000');
  await dialog.locator('input[name="writes"]').fill('0');
  await dialog.locator('button[type="submit"]').click();
  // It is seen to hit, and then stopped.
  await expect.poll(() => counter(page, 'accesses')).toBeGreaterThan(1);
  await page.locator('[data-status="busy"]').waitFor();
  await page.keyboard.press('x');
  await page.locator('[data-status="ready"]').waitFor();
  // In the middle of its line: no machine was lost.
  expect(await page.locator('.transport .position').textContent()).toBe('2 / 3');
  await expect.poll(() => counter(page, 'accesses')).toBeGreaterThan(1);
});
