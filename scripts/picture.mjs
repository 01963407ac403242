// `npm run picture` takes the picture of the README anew: the page, in the middle of a copy on write.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { launchBrowser } from './lib/browser.mjs';
import { Failure, root } from './lib/command.mjs';
import { makeEngineReady } from './lib/ready.mjs';
import { serveFolder } from './lib/static-server.mjs';
import { command, commentOnStandardError } from './lib/steps.mjs';

/** Lines that have run before the one that copies, and the page that it copies. */
const PLACE = '&lines=3&page=5&process=parent';
/** How often it is tried to catch the copy on its way, and how many frames after it has set off. */
const TRIES = 12;
const FRAMES = 4;

commentOnStandardError();
await command(1, async () => {
  await makeEngineReady();
  const scenario = await readFile(join(root, 'scenarios', 'first-visit.json'), 'utf8');
  const { about: _, ...bare } = JSON.parse(scenario);
  const fragment = `#1.${deflateRawSync(Buffer.from(JSON.stringify(bare))).toString('base64url')}`;
  const host = await serveFolder(join(root, 'web', 'dist'), {});
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      colorScheme: 'dark',
    });
    await page.addInitScript(() => localStorage.setItem('faultline.story', 'begun'));
    await page.goto(host.address + fragment + PLACE);
    await page.locator('[data-status="ready"]').waitFor();
    await page.locator('.line.done').nth(2).waitFor();
    const flying = page.locator('.flow [data-travelling]');
    const step = (/** @type {string} */ name) => page.locator(`[data-command="${name}"]`).first();
    for (let turn = 0; ; turn++) {
      await step('step').click();
      await flying.waitFor({ state: 'attached' });
      for (let frame = 0; frame < FRAMES; frame++) {
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
      }
      const picture = await page.screenshot();
      // It flies while the picture is taken: if it still does, it did.
      if ((await flying.count()) > 0) {
        await writeFile(join(root, 'docs', 'faultline.png'), picture);
        break;
      }
      if (turn === TRIES) throw new Failure('the copy was never caught on its way', 'try it again');
      await flying.waitFor({ state: 'detached' });
      await step('back').click();
      await page.locator('.line.done').nth(3).waitFor({ state: 'detached' });
    }
  } finally {
    await browser.close();
    await host.close();
  }
});
