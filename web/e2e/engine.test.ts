// The engine in its workers, in a real browser, without the page around it.

import { expect, test } from 'vitest';
import { useSite } from './harness.ts';

const site = useSite();

test('the page is isolated, so that its workers can share memory', async () => {
  const page = await site.open('runner.html');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

test('r5 a scenario is checked in the engine worker, over shared memory', async () => {
  const page = await site.open('runner.html');
  const check = (text: string) => page.evaluate((given) => faultlineRunner.check(given), text);
  expect(await check('{"faultline": 1}')).toBeNull();
  expect(await check('{"faultline": 1, "machine": {"frames": 3}}')).toEqual({
    path: '/machine/frames',
    found: '3',
    legal: expect.stringContaining('8'),
    message: expect.stringContaining('smallest machine'),
  });
});
