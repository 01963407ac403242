// Whoever makes a link is a stranger: the page's policy lets no script in, and what cannot be run is refused in
// plain words while the visitor's own scenario stays.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { encode } from '../src/share/codec.ts';
import { expectErrors, useSite } from './harness.ts';
import { leaveDialog, lines, openScenario, press, settled, withScript } from './page-kit.ts';

const site = useSite();
const bare = useSite({ isolated: false });

const own = withScript(
  { op: 'spawn', as: 'init', pages: 16 },
  { op: 'write', process: 'init', page: 1, value: 4 },
);

async function countViolations(page: Page): Promise<void> {
  await page.context().addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      const found: string[] = Reflect.get(globalThis, 'violations') ?? [];
      Reflect.set(globalThis, 'violations', [...found, `${violatedDirective} ${blockedURI}`]);
    });
  });
}

const violations = (page: Page): Promise<string[]> =>
  page.evaluate(() => Reflect.get(globalThis, 'violations') ?? []);

for (const [name, host] of [
  ['with its headers', site],
  ['from a host that sends none', bare],
] as const) {
  test(`the policy is in force ${name}: no script that was put into the page runs`, async () => {
    expectErrors();
    const page = await openScenario(host, own);
    await countViolations(page);
    await page.reload();
    await settled(page, 2);
    const attempts = await page.evaluate(async () => {
      const refused: string[] = [];
      const attempt = (what: string, body: () => unknown) => {
        try {
          body();
        } catch {
          refused.push(what);
        }
      };
      const inline = document.createElement('script');
      attempt('script text', () => {
        inline.textContent = 'globalThis.ran = "inline"';
      });
      document.body.append(inline);
      const byNode = document.createElement('script');
      byNode.append(document.createTextNode('globalThis.ran = "node"'));
      document.body.append(byNode);
      attempt('markup', () => {
        document.body.innerHTML = '<img src=x onerror="globalThis.ran = 1">';
      });
      attempt('handler', () => {
        const image = document.createElement('img');
        image.setAttribute('onerror', 'globalThis.ran = "handler"');
        image.src = 'data:,';
        document.body.append(image);
      });
      attempt('worker', () => new Worker('data:text/javascript,postMessage(1)'));
      attempt('other address', () => {
        const remote = document.createElement('script');
        remote.src = 'https://example.org/x.js';
      });
      attempt('base', () => {
        const base = document.createElement('base');
        base.href = 'https://example.org/';
        document.head.append(base);
      });
      const fetched = await fetch('https://example.org/').then(
        () => 'fetched',
        () => 'refused',
      );
      // What would run at all runs before the page is drawn again.
      for (let frame = 0; frame < 18; frame++) {
        await new Promise((drawn) => requestAnimationFrame(drawn));
      }
      return {
        refused,
        fetched,
        ran: Reflect.get(globalThis, 'ran'),
        base: document.baseURI.startsWith(location.origin),
      };
    });
    expect(attempts.ran).toBeUndefined();
    expect(attempts.refused).toEqual(
      expect.arrayContaining(['script text', 'markup', 'handler', 'worker', 'other address']),
    );
    expect(attempts).toMatchObject({ fetched: 'refused', base: true });
    await expect
      .poll(async () => (await violations(page)).join(' '))
      .toMatch(/script-src.*connect-src|connect-src/);
  });
}

test('the page itself, its dialogs, a run and its threads break no rule of the policy', async () => {
  const page = await openScenario(site, own);
  await countViolations(page);
  await page.reload();
  await settled(page, 2);
  for (const key of ['?', 'j', 'm', 'g', 'o', 'l', 'c']) {
    await page.keyboard.press(key);
    await page.locator('dialog').waitFor();
    if (key === 'c') await page.locator('.report').waitFor();
    await leaveDialog(page);
  }
  await press(page, 'machine');
  await page.locator('input[value="threads"]').check();
  await page.locator('[data-dialog="machine"] button[type="submit"]').click();
  await expect.poll(() => page.locator('.summary').textContent()).toMatch(/threads$/);
  await settled(page, 2);
  expect(await violations(page)).toEqual([]);
});

const markup = '<img src=x onerror=alert(1)><script>alert(2)</script>"\'</title>';

test('w5 markup in titles and names is text wherever it is shown', async () => {
  const hostile = {
    ...withScript(
      { op: 'spawn', as: '<b>x</b>', pages: 8 },
      { op: 'write', process: '<b>x</b>', page: 0, value: 1 },
      { op: 'fork', process: '<b>x</b>', as: 'javascript:alert(1)' },
    ),
    title: markup,
  };
  const page = await openScenario(site, hostile);
  page.on('dialog', (dialog) => {
    throw new Error(`a script ran: ${dialog.message()}`);
  });
  expect(await page.locator('.scenario-title').textContent()).toBe(markup);
  expect(await page.title()).toContain('<img');
  expect(await page.locator('#page img, #page script').count()).toBe(0);
  expect(await page.locator('#page b').filter({ hasText: /^x$/ }).count()).toBe(0);
  for (const key of ['l', 'o', 'j', 'c']) {
    await page.keyboard.press(key);
    await page.locator('dialog').waitFor();
    if (key === 'c') await page.locator('.report').waitFor();
    expect(await page.locator('dialog img, dialog script, dialog b').count()).toBe(0);
    await leaveDialog(page);
  }
});

test('w5 a title of a megabyte opens, and is shown short', async () => {
  const page = await openScenario(site, { ...own, title: 'long '.repeat(200_000) });
  expect((await page.locator('.scenario-title').textContent())?.length).toBeLessThan(200);
  expect((await page.title()).length).toBeLessThan(200);
});

const deep = (left: string, right: string) =>
  `{"faultline":1,"title":${left.repeat(50_000)}1${right.repeat(50_000)}}`;

for (const [name, text, words] of [
  ['nested a hundred thousand deep', deep('[', ']'), /recursion limit/],
  ['objects nested as deep', deep('{"a":', '}'), /recursion limit/],
  ['numbers beyond all bounds', '{"faultline":1,"machine":{"frames":1e999}}', /number/],
  ['a count past what is exact', '{"faultline":1,"machine":{"frames":9007199254740993}}', /Frames/],
  ['a machine larger than memory', '{"faultline":1,"machine":{"frames":1048576}}', /memory/],
  ['a key twice', '{"faultline":1,"title":"a","title":"b"}', /twice/],
] as const) {
  test(`w5 a link with ${name} is refused in plain words, and one’s own scenario stays`, async () => {
    const page = await openScenario(site, own);
    await page.keyboard.press('w');
    await settled(page, 3);
    const built = await lines(page);
    const fragment = await encode(text);
    await page.evaluate((next) => {
      location.hash = next;
    }, fragment);
    const notice = page.locator('[data-notice="problem"]');
    await notice.waitFor();
    expect(await notice.textContent()).toMatch(words);
    if (text.includes('1048576')) {
      // It was a scenario; what it asked for was too much. The work is among what is kept.
      await press(page, 'presets');
      await page.locator('[data-preset="draft"]').first().click();
      await settled(page, 3);
      expect(await lines(page)).toEqual(built);
      return;
    }
    expect(await lines(page)).toEqual(built);
    await notice.getByRole('button', { name: 'Keep the current scenario' }).click();
    await page.keyboard.press('r');
    await settled(page, 4);
  });
}
