// The page speaks the field's words, explains each where it stands, and leaves its keys to the visitor.

import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import {
  counter,
  eventOf,
  forkAndWrite,
  leaveDialog,
  openPanel,
  openScenario,
  press,
  settled,
} from './page-kit.ts';

const site = useSite();

/** Words that the page once had for what the field calls otherwise. */
const FORMER =
  /Latest faults|First writes|Made writable|Clean drops|Woken usefully|Frame waits|Keeps slot|\(usual\)|usually \d|As it is|is no place|Go on with what|In another page|Copy as a frame|File and paper|One switch at a time|stamps what it writes|Settle the daemons|Two (?:ops|things) together|\b[PRSWG]\d{1,2} [a-z]/;

test('t11 no panel and no dialog has a word of the page’s own where the field has one', async () => {
  const page = await openScenario(site, forkAndWrite);
  const said = async (where: string) =>
    expect(FORMER.exec(await page.locator('body').innerText())?.[0], where).toBeUndefined();
  const titles: string[] = [];
  for (const panel of ['tape', 'faults', 'timing', 'locks', 'counters']) {
    await openPanel(page, panel);
    await said(panel);
    titles.push(...(await page.locator('.panel h2').allTextContents()));
  }
  for (const title of [
    ...['Page table (virtual)', 'Frames (physical memory)', 'CPU timeline', 'Recent page faults'],
  ]) {
    expect(titles.some((one) => one.startsWith(title))).toBe(true);
  }
  for (const [key, name] of [
    ...[['?', 'keys'] as const, ['m', 'machine'] as const, ['g', 'run'] as const],
    ...[['o', 'presets'] as const, ['l', 'share'] as const, ['b', 'breakpoints'] as const],
    ...[
      [':', 'go-to'] as const,
      ['Shift+Y', 'glossary'] as const,
      ['Control+k', 'palette'] as const,
    ],
  ]) {
    await page.keyboard.press(key);
    await page.locator(`[data-dialog="${name}"]`).waitFor();
    await said(name);
    await leaveDialog(page);
  }
});

test('t11 a term opens its meaning by keys and by touch, and Escape closes it', async () => {
  const page = await openScenario(site, forkAndWrite);
  const term = page.locator('[data-counter="copies"] .term');
  const first = page.locator('.counters .term').first();
  await first.focus();
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => first.evaluate((one) => one === document.activeElement)).toBe(false);
  await term.focus();
  await page.keyboard.press('Enter');
  const meaning = page.locator('.meaning');
  await meaning.waitFor();
  expect(await meaning.textContent()).toMatch(/^copy on write/);
  await page.keyboard.press('Escape');
  await meaning.waitFor({ state: 'detached' });
  await term.click();
  await meaning.waitFor();
  // It lies within the window, wherever its word is.
  const box = await meaning.boundingBox();
  expect((box?.x ?? -1) >= 0 && (box?.y ?? -1) >= 0).toBe(true);
  await page.locator('h1').click();
  await meaning.waitFor({ state: 'detached' });
});

test('a39 a run stops at a kind of fault that is chosen in words', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.keyboard.press('0');
  await settled(page, 0);
  await page.keyboard.press('b');
  const dialog = page.locator('[data-dialog="breakpoints"]');
  await dialog.locator('select[name="kind"]').selectOption('fault');
  await dialog
    .locator('select[name="fault"]')
    .selectOption({ label: 'a write-protect fault ends (copy on write)' });
  await dialog.locator('button[type="submit"]').click();
  await leaveDialog(page);
  await page.locator('.speed select').selectOption({ label: 'At once' });
  await page.keyboard.press(' ');
  const stopped = page.locator('.stopped');
  await expect
    .poll(() => stopped.textContent())
    .toBe('Stopped: a write-protect fault ends (copy on write).');
  expect(await eventOf(page)).toBeGreaterThan(0);
  expect(await counter(page, 'copies')).toBe(1);
});

test('a33 a fault lasts as long in its list as in its timing', async () => {
  const page = await openScenario(site, forkAndWrite);
  await openPanel(page, 'timing');
  await openPanel(page, 'faults');
  const rows = page.locator('.fault-list [data-fault]');
  await expect.poll(() => rows.count()).toBeGreaterThan(1);
  for (let at = 0; at < (await rows.count()); at++) {
    const row = rows.nth(at);
    const time = (await row.locator('.fault-time').textContent()) ?? '?';
    await row.locator('button').click();
    await expect
      .poll(() => page.locator('.stack-title').textContent())
      .toMatch(new RegExp(`· ${time.replaceAll('.', '\\.')}(?:,|$)`));
  }
});

test('a27 keys that are switched off stay off after a reload, and can be had again', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.keyboard.press('?');
  const single = page.locator('[data-dialog="keys"] [name="single-keys"]');
  await single.uncheck();
  await leaveDialog(page);
  await page.keyboard.press('k');
  await page.reload();
  await settled(page, 5);
  await page.keyboard.press('k');
  expect(await page.locator('[data-command="fork"] .key').count()).toBe(0);
  await press(page, 'keys');
  await single.check();
  await leaveDialog(page);
  await page.keyboard.press('w');
  await settled(page, 6);
  expect(await page.locator('.line-op').allTextContents()).not.toContain('kill');
});

test('a41 a title that turns the direction of its signs does not turn what comes after it', async () => {
  const page = await openScenario(site, { ...forkAndWrite, title: 'one \u202e two' });
  const style = await page
    .locator('.scenario-title')
    .evaluate((title) => getComputedStyle(title).unicodeBidi);
  expect(style).toBe('isolate');
});
