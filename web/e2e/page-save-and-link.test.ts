// W5: a link says where its sharer stood; what is built is kept, comes as a file and goes as a file or a picture.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { encode } from '../src/share/codec.ts';
import { readLink, writeLink } from '../src/share/link.ts';
import { PANELS } from '../src/store/page/shown-panels.ts';
import { expectErrors, newProfile, useSite } from './harness.ts';
import {
  classroom,
  forkAndWrite,
  leaveDialog,
  lines,
  openScenario,
  press,
  reportOf,
  savedBytes,
  settled,
  withScript,
} from './page-kit.ts';

const site = useSite();

async function sharedAddress(page: Page): Promise<string> {
  await page.keyboard.press('l');
  const field = page.locator('[data-dialog="share"] input[name="address"]');
  await expect.poll(() => field.inputValue()).toContain('#1.');
  const address = await field.inputValue();
  await leaveDialog(page);
  return address;
}

/** Where the page stands, as a visitor sees it. */
async function placeOf(page: Page) {
  return {
    position: await page.locator('.transport .position').textContent(),
    inspector: await page.locator('.panel-inspector h2').textContent(),
    folded: await page.locator('.panel.folded h2').allTextContents(),
    tabs: await page.locator('.tab[aria-expanded="true"]').allTextContents(),
  };
}

test('w5 a shared link opens in a fresh profile at the place where its sharer stood', async () => {
  const page = await openScenario(site, forkAndWrite);
  for (const count of [4, 3]) {
    await page.keyboard.press(',');
    await settled(page, count);
  }
  await page.locator('.process', { hasText: 'init' }).first().click();
  await page.locator('#pages').press('ArrowRight');
  await page.locator('.panel-swap .fold').click();
  for (const name of ['tape', 'timing']) await page.locator(`[data-tab="${name}"]`).click();
  const place = await placeOf(page);
  expect(place.position).toBe('3 / 5');
  expect([place.folded, place.tabs]).toEqual([['Swap'], ['Timing', 'Counters']]);
  const address = await sharedAddress(page);
  expect((await readLink(new URL(address).hash)).place).toMatchObject({ lines: 3 });

  const fresh = await newProfile({ serviceWorkers: 'block' });
  const other = await fresh.newPage();
  await other.goto(address);
  await settled(other, 3);
  await expect.poll(() => placeOf(other)).toEqual(place);
  expect(await reportOf(other)).toEqual(await reportOf(page));
  await fresh.close();
});

test('w5 a frame that was looked at is looked at again', async () => {
  const page = await site.open(
    await writeLink(JSON.stringify(forkAndWrite), { frame: 5, process: 'init' }),
  );
  await settled(page, 5);
  await expect.poll(() => page.locator('.panel-inspector h2').textContent()).toBe('Frame 5');
});

test('w5 the dialog warns of a long link, and gives it as Markdown and as a frame', async () => {
  const script = Array.from({ length: 400 }, (_, at) => ({
    op: 'write' as const,
    process: 'init',
    page: (at * 37) % 64,
    value: (at * 2_654_435_761) % 4_294_967_296,
  }));
  const page = await openScenario(site, {
    ...withScript({ op: 'spawn', as: 'init', pages: 64 }, ...script),
    title: 'Too [long]',
  });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.keyboard.press('l');
  const dialog = page.locator('[data-dialog="share"]');
  const field = dialog.locator('input[name="address"]');
  await expect.poll(() => field.inputValue()).toContain('#1.');
  const address = await field.inputValue();
  expect(address.length).toBeGreaterThan(2000);
  const note = await dialog.locator('.dialog-note.warning').textContent();
  expect(note).toContain(`${address.length.toLocaleString('en')} characters`);
  const copied = async (name: string) => {
    const button = dialog.locator(`[data-share="${name}"]`);
    await button.click();
    await expect.poll(() => button.getAttribute('data-copied')).toBe('copied');
    return page.evaluate(() => navigator.clipboard.readText());
  };
  expect(await copied('link')).toBe(address);
  expect(await copied('markdown')).toBe(`[Too \\[long\\]](${address})`);
  expect(await copied('frame')).toMatch(
    /^<iframe src="http[^"]*\?embed=1&amp;panels=virtual,physical,script#1\.[^"]*" title="Too \[long\]"/,
  );
  await dialog.locator('.frame-panels input[name="script"]').uncheck();
  await dialog.locator('.frame-panels input[name="tape"]').check();
  expect(await copied('frame')).toContain('&amp;panels=virtual,physical,tape#1.');
});

test('w5 a scenario goes out as a file and comes back by the dialog and by dropping', async () => {
  const page = await openScenario(site, { ...forkAndWrite, title: 'Kept on disk' });
  await page.keyboard.press('l');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('[data-share="save"]').click(),
  ]);
  expect(download.suggestedFilename()).toBe('kept-on-disk.json');
  const text = (await savedBytes(download)).toString();
  expect(JSON.parse(text)).toEqual({ ...forkAndWrite, title: 'Kept on disk' });
  await leaveDialog(page);

  await press(page, 'presets');
  await page.locator('[data-preset=""]').click();
  await settled(page, 0);
  await page.keyboard.press('l');
  await page
    .locator('[data-dialog="share"] [data-file="scenario"]')
    .setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await settled(page, 5);

  await dropFile(page, JSON.stringify(withScript({ op: 'spawn', as: 'dropped', pages: 8 })));
  await settled(page, 1);
  expect(await lines(page)).toEqual(['spawn dropped, 8 pages']);
});

async function dropFile(page: Page, content: string | number[]): Promise<void> {
  await page.evaluate((given) => {
    const data = new DataTransfer();
    const part = typeof given === 'string' ? given : new Uint8Array(given);
    data.items.add(new File([part], 'scenario.json'));
    document.body.dispatchEvent(
      new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
    );
  }, content);
}

for (const [name, content, words] of [
  ['bytes that are no text', [0x7b, 0xff, 0xfe], /no text/],
  ['five megabytes', ' '.repeat(5 << 20), /more than 4 MB/],
] as const) {
  test(`w5 a dropped file of ${name} is refused, and the scenario stays`, async () => {
    const page = await openScenario(site, forkAndWrite);
    await dropFile(page, typeof content === 'string' ? content : [...content]);
    const notice = page.locator('[data-notice="broken-link"]');
    await notice.waitFor();
    expect(await notice.textContent()).toMatch(words);
    await notice.getByRole('button').click();
    expect(await notice.count()).toBe(0);
    await page.keyboard.press('w');
    await settled(page, 6);
  });
}

test('w5 work survives a reload, at its place among what else is kept', async () => {
  const page = await site.open();
  await page.locator('[data-status="ready"]').waitFor();
  await press(page, 'presets');
  await page.locator('[data-preset=""]').click();
  await settled(page, 0);
  await page.keyboard.press('s');
  await settled(page, 1);
  await page.keyboard.press('w');
  await settled(page, 2);
  const built = await lines(page);
  await page.reload();
  await settled(page, 2);
  expect(await lines(page)).toEqual(built);
  // Shared and built on: the reload brings back what is newer than the address.
  await sharedAddress(page);
  await page.keyboard.press('r');
  await settled(page, 3);
  await page.reload();
  await settled(page, 3);
  // A second tab builds something else, and neither takes the other's place.
  const second = await site.open();
  await second.locator('[data-status="ready"]').waitFor();
  await press(second, 'presets');
  await second.locator('[data-preset=""]').click();
  await settled(second, 0);
  await second.keyboard.press('s');
  await settled(second, 1);
  await page.reload();
  await settled(page, 3);
  await second.reload();
  await settled(second, 1);
  await press(second, 'presets');
  await second.locator('[data-preset="draft"]').first().click();
  await settled(second, 3);
});

test('w5 a browser that keeps nothing says so, and gives the file', async () => {
  const page = await openScenario(site, classroom);
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await page.keyboard.press('s');
  await settled(page, 1);
  const notice = page.locator('[data-notice="not-kept"]');
  await notice.waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    notice.getByRole('button').click(),
  ]);
  expect(JSON.parse((await savedBytes(download)).toString()).script).toHaveLength(1);
});

test('w5 a browser without any storage opens, builds and shares', async () => {
  expectErrors();
  const first = await openScenario(site, forkAndWrite);
  await first.context().addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(globalThis, name, {
        get: () => {
          throw new DOMException('denied', 'SecurityError');
        },
      });
    }
  });
  const page = await openScenario(site, forkAndWrite);
  await page.keyboard.press('w');
  await settled(page, 6);
  expect(await sharedAddress(page)).toContain('#1.');
});

test('w5 a link that comes just when the page keeps what is open is opened', async () => {
  const page = await openScenario(site, forkAndWrite);
  const link = await encode(JSON.stringify({ ...forkAndWrite, title: 'The other' }));
  await page.evaluate((next) => {
    location.hash = next;
    // It keeps it now and then, and when it may be left.
    dispatchEvent(new Event('beforeunload'));
  }, link);
  await expect.poll(() => page.locator('.scenario-title').textContent()).toBe('The other');
});

test('w5 every panel is saved as SVG, drawn anew, and as PNG', async () => {
  const fragment = await encode(JSON.stringify({ ...forkAndWrite, title: '<b>&"' }));
  const open = async (opened: string) => {
    const page = await site.open(fragment + opened);
    await settled(page, 5);
    await page.keyboard.press('l');
    return page;
  };
  // A page without our policy, to read the pictures in.
  const reader = await (await site.open('runner.html')).context().newPage();
  // Chromium takes ten files from a page, and then asks its user; and the deck has two panels at a time.
  const sittings: [opened: string, panels: string[]][] = [
    ['', ['processes', 'actions', 'virtual', 'physical']],
    ['', ['swap', 'inspector', 'script', 'tape', 'counters']],
    ['&opened=faults.timing', ['faults', 'timing']],
    ['&opened=locks.replacement', ['locks', 'replacement']],
  ];
  expect(sittings.flatMap(([, panels]) => panels).sort()).toEqual([...PANELS].sort());
  let page = reader;
  const saved = async (kind: string) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator(`[data-dialog="share"] [data-share="${kind}"]`).click(),
    ]);
    return savedBytes(download);
  };
  for (const [panel, opened, isFirst] of sittings.flatMap(([opened, panels]) =>
    panels.map((panel, at) => [panel, opened, at === 0] as const),
  )) {
    if (isFirst) page = await open(opened);
    await page.locator('select[name="picture"]').selectOption(panel);
    const svg = (await saved('svg')).toString();
    const title = await page.locator(`.panel-${panel} h2`).textContent();
    const told = await reader.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
      return {
        broken: parsed.querySelector('parsererror')?.textContent ?? '',
        words: [...parsed.querySelectorAll('text')].map(({ textContent }) => textContent),
        shapes: parsed.querySelectorAll('path, rect').length,
      };
    }, svg);
    expect(told.broken, panel).toBe('');
    expect(told.words, panel).toContain(title);
    expect(told.shapes, panel).toBeGreaterThan(1);
    // Every page and every frame is a shape of its own.
    if (panel === 'virtual' || panel === 'physical') expect(told.shapes).toBeGreaterThan(64);
    const png = await saved('png');
    expect(png.subarray(1, 4).toString(), panel).toBe('PNG');
    expect(png.length, panel).toBeGreaterThan(2000);
  }
});
