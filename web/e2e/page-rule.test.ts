// A policy of one's own in Chromium: it is chosen, refused where it is wrong, run, and travels in the link.

import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import { counter, openScenario, press, settled, withScript } from './page-kit.ts';

const site = useSite();

const CLOCK = 'accessed ? again : evict';

test('s6 a rule of one’s own is written, refused where it is wrong, and travels in the link', async () => {
  const script = withScript(
    { op: 'spawn', as: 'p', pages: 200 },
    { op: 'run', process: 'p', pattern: 'uniform', accesses: 2000, writes: 0.3 },
  );
  const page = await openScenario(site, { ...script, machine: { frames: 32 } });
  await settled(page, 2);
  const clock = await counter(page, 'evictions');
  expect(clock).toBeGreaterThan(100);
  await press(page, 'machine');
  const dialog = page.locator('[data-dialog="machine"]');
  const rule = dialog.locator('textarea[name="rule"]');
  const state = dialog.locator('#rule-state');
  expect(await rule.count()).toBe(0);
  await dialog.locator('select[name="policy"]').selectOption({ label: 'a rule of your own' });
  expect(await rule.inputValue()).toBe(CLOCK);
  await expect.poll(() => state.textContent()).toBe('The engine understands this rule.');
  await rule.fill('acessed');
  await expect
    .poll(() => state.textContent())
    .toMatch(/^column 1: found "acessed"; legal: accessed, dirty, /);
  await dialog.locator('button[type="submit"]').click();
  await dialog.locator('[data-notice="problem"]').waitFor();
  await dialog.locator('[data-rule="Working set"]').click();
  await expect.poll(() => state.textContent()).toBe('The engine understands this rule.');
  await dialog.locator('[data-rule="Clock"]').click();
  expect(await rule.inputValue()).toBe(CLOCK);
  await dialog.locator('button[type="submit"]').click();
  await dialog.waitFor({ state: 'detached' });
  await settled(page, 2);
  // It is the clock: the same victims.
  expect(await counter(page, 'evictions')).toBe(clock);
  await press(page, 'share');
  const field = page.locator('[data-dialog="share"] input[name="address"]');
  await expect.poll(() => field.inputValue()).toContain('#');
  const other = await page.context().newPage();
  await other.goto(await field.inputValue());
  await settled(other, 2);
  await other.keyboard.press('j');
  expect(await other.locator('textarea').inputValue()).toContain(`"rule": "${CLOCK}"`);
});
