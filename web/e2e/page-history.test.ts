// Back, Forward and a reload: what was opened is there again, where one was in it.

import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import { forkAndWrite, openScenario, press, settled } from './page-kit.ts';

const site = useSite();

test('a29 Back and Forward go through what was opened', async () => {
  const page = await openScenario(site, forkAndWrite);
  const title = page.locator('.scenario-title');
  await page.keyboard.press(',');
  await settled(page, 4);
  await press(page, 'presets');
  await page.locator('[data-preset="last-sharer"]').click();
  await expect.poll(() => title.textContent()).not.toBe('A test');
  const exhibit = await title.textContent();
  await page.locator('[data-status="ready"]').waitFor();
  await press(page, 'presets');
  await page.locator('[data-preset="fork-write"]').click();
  await expect.poll(() => title.textContent()).toMatch(/^Fork, write/);
  await page.goBack();
  await expect.poll(() => title.textContent()).toBe(exhibit);
  await page.goBack();
  await expect.poll(() => title.textContent()).toBe('A test');
  // As far as it had run.
  await settled(page, 4);
  await page.goForward();
  await expect.poll(() => title.textContent()).toBe(exhibit);
});

test('a29 a reload comes back to where one was, also in the middle of a line', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.keyboard.press('0');
  await settled(page, 0);
  for (let at = 0; at < 2; at++) {
    await page.keyboard.press('.');
    await settled(page, at + 1);
  }
  await page.keyboard.press(']');
  const event = page.locator('[data-place="event"]');
  await expect.poll(() => page.locator('.place').textContent()).toContain('3 under way');
  const before = await event.textContent();
  await page.reload();
  await page.locator('[data-status="ready"]').waitFor();
  await expect.poll(() => event.textContent()).toBe(before);
  expect(await page.locator('.place').textContent()).toContain('3 under way');
});

test('a26 a text that cannot run opens in the editor where it is wrong, and its file is named', async () => {
  const page = await openScenario(site, forkAndWrite);
  await press(page, 'share');
  const text = '{"faultline": 1, "machine": {"frame": 32}}';
  await page
    .locator('[data-file="scenario"]')
    .setInputFiles({ name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  const notice = page.locator('[data-notice="problem"]');
  await notice.waitFor();
  expect(await notice.locator('h2').textContent()).toBe('mine.json cannot run');
  expect(await notice.locator('[data-meant]').getAttribute('data-meant')).toBe('frames');
  await notice.locator('[data-edit-unread]').click();
  const area = page.locator('[data-dialog="edit"] textarea');
  expect(await area.inputValue()).toBe(text);
  const selected = await area.evaluate((element) => {
    const { value, selectionStart, selectionEnd } = element as HTMLTextAreaElement;
    return value.slice(selectionStart, selectionEnd);
  });
  expect(selected).toBe('"frame"');
  await page.keyboard.type('"frames"');
  await page.locator('[data-dialog="edit"] button[type="submit"]').click();
  await expect.poll(() => page.locator('.summary').textContent()).toMatch(/^32 frames/);
  // What was there before is a step back.
  await page.goBack();
  await settled(page, 5);
});
