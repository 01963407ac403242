// W6: the service worker, on a host that sends no headers, below a path of its own: isolation, the page without a
// network, and a new build that comes when it is asked for.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { serveFolder } from '../../scripts/lib/static-server.mjs';
import { encode } from '../src/share/codec.ts';
import { newProfile, skipStory, useSite } from './harness.ts';
import { frames, openScenario, press, reportOf, settled, withScript } from './page-kit.ts';

const dist = resolve(import.meta.dirname, '../dist');

const site = useSite({ isolated: false, prefix: '/labs/faultline/', serviceWorkers: 'allow' });

const story = withScript(
  { op: 'spawn', as: 'init', pages: 16 },
  { op: 'write', process: 'init', page: 1, value: 4 },
);
const threaded = { ...story, runtime: { kind: 'threads' as const } };

const isolated = (page: Page) => page.evaluate(() => crossOriginIsolated);

test('w6 without headers the service worker isolates the page, below any path, and threads run', async () => {
  const page = await openScenario(site, threaded);
  await expect.poll(() => isolated(page).catch(() => false)).toBe(true);
  await settled(page, 2);
  expect(page.url()).toContain('/labs/faultline/#1.');
  expect(await page.locator('[data-notice="not-shared"]').count()).toBe(0);
  expect(await page.locator('.summary').textContent()).toMatch(/threads$/);
  expect((await reportOf(page)).ok).toBe(true);
});

test('w6 the page can be installed: a manifest with icons that are there', async () => {
  const page = await site.open();
  const href = await page.locator('link[rel="manifest"]').getAttribute('href');
  const manifest = await (await fetch(new URL(href ?? '', site.address()))).json();
  expect(manifest).toMatchObject({ name: 'Faultline', start_url: './', display: 'standalone' });
  for (const { src, type } of manifest.icons) {
    const icon = await fetch(new URL(src, new URL(href ?? '', site.address())));
    expect([icon.status, icon.headers.get('Content-Type')]).toEqual([200, type]);
  }
});

test('w6 a host that fights isolation is left alone after one reload', async () => {
  const profile = await newProfile();
  const page = await profile.newPage();
  const host = await serveFolder(dist, { isolated: false });
  try {
    await page.addInitScript(skipStory);
    // As where the worker's answers never reach the page: it stays as it was, reload or not.
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, 'crossOriginIsolated', { get: () => false });
    });
    let loads = 0;
    page.on('load', () => loads++);
    await page.goto(host.address);
    await page.locator('[data-notice="not-shared"]').waitFor();
    // It may be loaded anew once, and then stays.
    const stays = () =>
      frames(page, 90).then(
        () => true,
        () => false,
      );
    await expect.poll(stays).toBe(true);
    expect(loads).toBeLessThanOrEqual(2);
    await page.locator('[data-status="ready"]').waitFor();
  } finally {
    await profile.close();
    await host.close();
  }
});

test('w6 a29 a reload that isolates the page comes back to where one was', async () => {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  // What the page of a first visit does not load itself keeps the worker from being ready in time.
  const before = (file: string) => (/teaching_bg.*wasm$/.test(file) ? held : undefined);
  const host = await serveFolder(dist, { isolated: false, before });
  const profile = await newProfile();
  const page = await profile.newPage();
  try {
    await page.addInitScript(skipStory);
    await page.goto(host.address + (await encode(JSON.stringify(story))));
    await settled(page, 2);
    expect(await isolated(page)).toBe(false);
    await page.keyboard.press(',');
    await settled(page, 1);
    letGo();
    await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
    await page.reload();
    await settled(page, 1);
    expect(await isolated(page)).toBe(true);
    expect(await page.locator('.line').count()).toBe(2);
  } finally {
    letGo();
    await profile.close();
    await host.close();
  }
});

test('w6 a new build waits until it is asked for, and then comes whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-dist-'));
  cpSync(dist, folder, { recursive: true });
  const host = await serveFolder(folder, { isolated: false });
  const profile = await newProfile();
  const page = await profile.newPage();
  try {
    await page.addInitScript(skipStory);
    await page.goto(host.address);
    await expect.poll(() => isolated(page).catch(() => false)).toBe(true);
    await page.locator('[data-status="ready"]').waitFor();
    const index = join(folder, 'index.html');
    const worker = join(folder, 'service-worker.js');
    const before = readFileSync(index, 'utf8');
    // Half a deployment: the page is there, the worker's list is not. Nothing is taken of it.
    writeFileSync(index, before.replace('<title>', '<meta name="build" content="next" /><title>'));
    await page.reload();
    await page.locator('[data-status="ready"]').waitFor();
    expect(await page.locator('meta[name="build"]').count()).toBe(0);
    // The other half, with the right digest.
    const { createHash } = await import('node:crypto');
    const digest = createHash('sha256').update(readFileSync(index)).digest('base64');
    const code = readFileSync(worker, 'utf8')
      .replace(/"index.html":"[^"]*"/, `"index.html":"sha256-${digest}"`)
      .replace(/BUILD="[0-9a-f]*"/, 'BUILD="next"');
    writeFileSync(worker, code);
    await page.reload();
    const notice = page.locator('[data-notice="new-build"]');
    await notice.waitFor();
    expect(await page.locator('meta[name="build"]').count()).toBe(0);
    await notice.getByRole('button').click();
    await expect
      .poll(() =>
        page
          .locator('meta[name="build"]')
          .count()
          .catch(() => 0),
      )
      .toBe(1);
    await page.locator('[data-status="ready"]').waitFor();
  } finally {
    await profile.close();
    await host.close();
    rmSync(folder, { recursive: true });
  }
});

// The last: it ends the host.
test('w6 after the first visit the page opens without a network, and links do too', async () => {
  const page = await openScenario(site, story);
  await expect.poll(() => isolated(page).catch(() => false)).toBe(true);
  await settled(page, 2);
  const first = await reportOf(page);
  await site.unplug();
  await expect(fetch(site.address())).rejects.toThrow();
  await page.reload();
  await settled(page, 2);
  expect(await isolated(page)).toBe(true);
  expect(await reportOf(page)).toEqual(first);
  // A preset that replays a trace, which comes from what was kept as well.
  await page.goto(site.address());
  await page.locator('[data-status="ready"]').waitFor();
  await press(page, 'presets');
  await page.locator('[data-preset="real-program"]').click();
  await expect.poll(() => page.locator('.scenario-title').textContent()).toMatch(/real program/);
  await settled(page, await page.locator('.line').count());
});
