// W6: a host that does not isolate the page is told apart, in plain words.

import { expect, test } from 'vitest';
import { encode } from '../src/share/codec.ts';
import { useSite } from './harness.ts';
import { withScript } from './page-kit.ts';

const site = useSite({ isolated: false });

test('w6 without isolation the page says so, and starts nothing', async () => {
  const script = withScript({ op: 'spawn', as: 'init', pages: 8 });
  const page = await site.open(await encode(JSON.stringify(script)));
  const notice = page.locator('[data-notice="not-isolated"]');
  await notice.waitFor();
  expect(await notice.textContent()).toMatch(/threads are unavailable/);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  expect(page.workers()).toEqual([]);
  await page.keyboard.press('?');
  await page.locator('[data-dialog="keys"]').waitFor();
});
