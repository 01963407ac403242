// W6: the page in a frame of a page of another origin, which isolates nothing.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Op, Scenario } from '../src/generated/types.d.ts';
import { writeLink } from '../src/share/link.ts';
import { useSite } from './harness.ts';
import { frames, overflow, settled, withScript } from './page-kit.ts';

const site = useSite({ isolated: false });
const isolatedSite = useSite();

const story = withScript(
  { op: 'spawn', as: 'init', pages: 64 },
  { op: 'write', process: 'init', page: 3, value: 7 },
  { op: 'fork', process: 'init', as: 'child' },
  { op: 'write', process: 'child', page: 3, value: 8 },
);

let host: Server;
let hostAddress = '';

/** A page of another site that shows whatever frame its own address asks for. */
beforeAll(async () => {
  host = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const source = (query.get('frame') ?? '').replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    response
      .writeHead(200, { 'Content-Type': 'text/html' })
      .end(
        `<!doctype html><title>Host</title><link rel="icon" href="data:,">` +
          `<iframe src="${source}" width="900" height="560"></iframe>`,
      );
  });
  await new Promise<void>((listening) => host.listen(0, '127.0.0.1', listening));
  hostAddress = `http://localhost:${(host.address() as AddressInfo).port}/`;
});
afterAll(() => host.close());

test('w6 a frame in a page of another origin shows the panels asked for, and leaves its host alone', async () => {
  const fragment = await writeLink(JSON.stringify(story), { lines: 3 });
  const source = `${site.address()}?embed=1&panels=frames,pages${fragment}`;
  const blank = await site.open();
  await blank.goto(`${hostAddress}?frame=${encodeURIComponent(source)}`);
  const frame = blank.frames()[1];
  if (frame === undefined) throw new Error('no frame');
  await frame.locator('[data-status="ready"]').waitFor();
  await expect.poll(() => frame.locator('.transport .position').textContent()).toBe('3 / 4');
  expect(await frame.evaluate(() => crossOriginIsolated)).toBe(false);
  expect(await frame.locator('.panel h2').allTextContents()).toEqual([
    'Page table (virtual)',
    'Frames (physical memory)',
  ]);
  const before = { url: blank.url(), length: await blank.evaluate(() => history.length) };
  const inner = frame.url();

  await frame.locator('[data-command="step"]').click();
  await expect.poll(() => frame.locator('.transport .position').textContent()).toBe('4 / 4');
  const active = frame.locator('.panel-physical .legend li', { hasText: 'active' });
  await expect.poll(() => active.locator('.legend-count').textContent()).toBe('2');
  // What shares, builds and keeps in a page of its own does none of it here.
  await frame.locator('#frames').press('l');
  const field = frame.locator('[data-dialog="share"] input[name="address"]');
  await expect.poll(() => field.inputValue()).toContain('#1.');
  expect(await field.inputValue()).not.toContain('embed');
  expect(frame.url()).toBe(inner);
  expect({ url: blank.url(), length: await blank.evaluate(() => history.length) }).toEqual(before);
});

test('w6 a frame has threads where its host isolates documents, whatever the page around it is', async () => {
  const threaded = { ...story, runtime: { kind: 'threads' as const } };
  const source = `${isolatedSite.address()}?embed=1${await writeLink(JSON.stringify(threaded))}`;
  const blank = await isolatedSite.open('runner.html');
  await blank.goto(`${hostAddress}?frame=${encodeURIComponent(source)}`);
  expect(await blank.evaluate(() => crossOriginIsolated)).toBe(false);
  const frame = blank.frames()[1];
  if (frame === undefined) throw new Error('no frame');
  await expect.poll(() => frame.locator('.transport .position').textContent()).toBe('4 / 4');
  expect(await frame.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect.poll(() => blank.workers().length).toBeGreaterThan(3);
});

test('w6 the way from a frame to the whole page carries the scenario', async () => {
  const fragment = await writeLink(JSON.stringify(story));
  const page = await site.open(`?embed=1&panels=script${fragment}`);
  await page.locator('[data-status="ready"]').waitFor();
  const [whole] = await Promise.all([
    page.context().waitForEvent('page'),
    page.locator('.embed-head a').click(),
  ]);
  await settled(whole, 4);
  expect(await whole.locator('.panel h2').count()).toBeGreaterThan(8);
});

test('w6 an embedded page asked for nothing shows the grids and the script, on a telephone too', async () => {
  const page = await site.open(`?embed${await writeLink(JSON.stringify(story))}`);
  await settled(page, 4);
  expect(await page.locator('.panel h2').allTextContents()).toEqual([
    'Page table (virtual)',
    'Frames (physical memory)',
    'Script',
  ]);
  for (const width of [320, 390, 1440]) {
    await page.setViewportSize({ width, height: 500 });
    await frames(page, 9);
    await expect.poll(() => overflow(page), { message: `at ${width} px` }).toBeLessThanOrEqual(0);
  }
});

const long = withScript(
  { op: 'spawn', as: 'init', pages: 64 },
  ...Array.from(
    { length: 19 },
    (_, page): Op => ({ op: 'write', process: 'init', page, value: 1 }),
  ),
);

test('w6 a frame is in the theme of its page, begins where that says, and its script shows the line that ran last', async () => {
  const fragment = await writeLink(JSON.stringify(long));
  for (const theme of ['light', 'dark']) {
    const page = await site.open(`?embed=1&theme=${theme}&at=start${fragment}`);
    await page.emulateMedia({ colorScheme: theme === 'dark' ? 'light' : 'dark' });
    await settled(page, 0);
    expect(await page.locator('html').getAttribute('data-theme')).toBe(theme);
    await page.close();
  }
  const page = await site.open(`?embed=1${fragment}`);
  await page.setViewportSize({ width: 760, height: 520 });
  await settled(page, 20);
  await frames(page, 6);
  const row = await page.locator('.line.current').boundingBox();
  const transport = await page.locator('.transport').boundingBox();
  expect((row?.y ?? 0) + (row?.height ?? 0)).toBeLessThanOrEqual(transport?.y ?? 0);
  // What moves the playhead leaves the frame to the panels.
  expect(520 - (transport?.y ?? 0)).toBeLessThanOrEqual(72);
  await page.locator('[data-command="restart"]').click();
  await expect
    .poll(async () => ((await page.locator('.line').first().boundingBox())?.y ?? 0) > 200)
    .toBe(true);
});

test('w6 a frame that is asked to play does, and does not where motion is to be reduced', async () => {
  const fragment = await writeLink(JSON.stringify(long));
  const page = await site.open(`?embed=1&autoplay=1${fragment}`);
  await settled(page, 20);
  const calm = await site.open('runner.html');
  await calm.emulateMedia({ reducedMotion: 'reduce' });
  await calm.goto(`${site.address()}?embed=1&autoplay=1${fragment}`);
  await settled(calm, 0);
  await frames(calm, 42);
  await settled(calm, 0);
});

test('w6 a frame has the words of a lesson in two lines, about the whole or of the line that ran', async () => {
  const lesson = {
    ...withScript(
      { op: 'spawn', as: 'init', pages: 16 },
      { op: 'write', process: 'init', page: 1, value: 4, note: 'The first write takes a frame.' },
    ),
    about: 'What a first write does. '.repeat(12),
  };
  const page = await site.open(`?embed=1&at=start${await writeLink(JSON.stringify(lesson))}`);
  for (const [width, height] of [
    [760, 480],
    [390, 520],
  ] as const) {
    await page.setViewportSize({ width, height });
    if (width === 390) await page.locator('[data-command="restart"]').click();
    await settled(page, 0);
    const words = page.locator('[data-lesson="short"] summary');
    expect(await words.textContent()).toMatch(/^What a first write does/);
    expect((await words.boundingBox())?.height).toBeLessThan(48);
    await page.locator('[data-command="step"]').click();
    await settled(page, 1);
    await page.locator('[data-command="step"]').click();
    await settled(page, 2);
    await expect.poll(() => words.textContent()).toBe('Line 2 The first write takes a frame.');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  }
});

test('w6 a frame asks the question of a lesson, and what is covered until then can be answered there', async () => {
  const lesson: Scenario = {
    ...story,
    about: 'A fork copies page tables, not pages.',
    script: [
      ...(story.script ?? []).map((op, line) =>
        line === 2 ? { ...op, note: 'Parent and child share every frame.' } : op,
      ),
      {
        ...{ op: 'expect', counter: 'copies', equals: 1 },
        question: { ask: 'How many copies were made?' },
      },
    ],
  };
  const page = await site.open(
    `?embed=1&panels=pages,counters&at=4${await writeLink(JSON.stringify(lesson))}`,
  );
  await page.setViewportSize({ width: 760, height: 520 });
  await expect.poll(() => page.locator('.transport .position').textContent()).toBe('4 / 5');
  await page.locator('[data-status="ready"]').waitFor();
  // A line without a note leaves the note before it.
  const words = page.locator('[data-lesson="short"] summary');
  await expect.poll(() => words.textContent()).toBe('Line 3 Parent and child share every frame.');
  const copies = page.locator('[data-counter="copies"] .counter-value');
  expect(await copies.textContent()).toBe('?');
  await page.locator('.lesson-answers input').fill('1');
  await page.locator('.lesson-answers input').press('Enter');
  await page.locator('[data-verdict="right"]').waitFor();
  await expect.poll(() => copies.textContent()).toBe('1');
  for (const width of [320, 760]) {
    await page.setViewportSize({ width, height: 520 });
    await frames(page, 6);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  }
});
