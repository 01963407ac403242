// Drives Chromium by Playwright, as the other tests of the page do.

import type { Frame } from 'playwright-core';
import { launchBrowser } from '../../scripts/lib/browser.mjs';
import { waitFor } from '../../scripts/lib/patience.mjs';
import { calling, type Driver, eventually, VIEWPORT, type Visitor } from './driver.ts';

export async function startChromium(): Promise<Driver> {
  const browser = await launchBrowser();
  return {
    version: browser.version(),
    close: () => browser.close(),
    async visit(): Promise<Visitor> {
      const profile = await browser.newContext({ viewport: VIEWPORT });
      profile.setDefaultTimeout(waitFor);
      const page = await profile.newPage();
      const errors: string[] = [];
      page.on('pageerror', ({ message }) => errors.push(message));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      let asked: Frame = page.mainFrame();
      return {
        async open(address) {
          asked = page.mainFrame();
          await page.goto(address);
        },
        async reload() {
          await page.reload();
        },
        async ask(question, given) {
          const call = `(${calling(question)})(${JSON.stringify(JSON.stringify(given ?? null))})`;
          return JSON.parse(await asked.evaluate(call));
        },
        press: (key) => page.keyboard.press(key),
        click: (selector) => page.locator(selector).first().click(),
        async enterFrame() {
          asked = await eventually(async () => page.frames()[1]);
        },
        errors: () => errors,
        leave: () => profile.close(),
      };
    },
  };
}
