// The page as `npm start` serves it: a module of the engine that is asked for before it is built is waited for, and one that
// cannot be built says why.

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root, run } from '../../scripts/lib/command.mjs';
import { servePage } from '../../scripts/lib/page-server.mjs';
import { modules } from '../../scripts/lib/wasm.mjs';
import type { Op } from '../src/generated/types.d.ts';
import { encode } from '../src/share/codec.ts';
import { newProfile, skipStory } from './harness.ts';
import { drop, forkAndWrite, leaveDialog, settled, withScript } from './page-kit.ts';

const onThreads = { ...forkAndWrite, runtime: { kind: 'threads' } };

const schema = 'crate/engine/src/scenario/document/schema.json';

const story = [
  { op: 'spawn', as: 'a', pages: 8 },
  { op: 'run', process: 'a', pattern: { pages: [0, 1, 2, 3, 0, 1, 4, 0] } },
] satisfies Op[];

/** A copy of the page's sources in which only the first module is built; beneath the root it finds its packages. */
let copy: string;
let profile: BrowserContext;
let server: Awaited<ReturnType<typeof servePage>>['server'] | undefined;

beforeEach(async () => {
  mkdirSync(join(root, 'target'), { recursive: true });
  copy = mkdtempSync(join(root, 'target', 'page-'));
  const isLeftOut = (path: string) =>
    /^(web\/(dist|e2e|pkg-[^/]*)|element\/(dist|examples))$/.test(path);
  for (const name of ['web', 'element', 'scenarios', 'traces', schema, 'tsconfig.json']) {
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      filter: (path) => !isLeftOut(path.slice(root.length + 1)),
    });
  }
  profile = await newProfile();
  await profile.addInitScript(skipStory);
});
afterEach(async () => {
  await profile.close();
  await server?.close();
  server = undefined;
  rmSync(copy, { recursive: true });
});

/** Serves the copy; `later` is what comes of the modules after the first. */
async function serve(later: Promise<unknown>, port = 0): Promise<string> {
  const builds = modules.map((module, index) => ({
    module,
    isCurrent: index === 0,
    ready: index === 0 ? Promise.resolve() : later,
  }));
  const cacheDir = join(copy, 'vite');
  const served = await servePage({
    ...{ host: '127.0.0.1', port, builds },
    ...{ web: join(copy, 'web'), cacheDir },
  });
  server = served.server;
  return served.address;
}

async function open(address: string, scenario: object): Promise<Page> {
  const page = await profile.newPage();
  await page.goto(address + (await encode(JSON.stringify(scenario))));
  return page;
}

/** Puts the modules where their build would. */
function build(): void {
  for (const { folder } of modules) {
    cpSync(join(root, 'web', folder), join(copy, 'web', folder), { recursive: true });
  }
}

const lines = forkAndWrite.script?.length ?? 0;

test('a module that is asked for before it is built comes by itself, and the page says so meanwhile', async () => {
  let end = () => {};
  const address = await serve(
    new Promise<void>((resolve) => {
      end = resolve;
    }),
  );
  // What is built runs.
  await settled(await open(address, forkAndWrite), lines);
  const page = await open(address, onThreads);
  const notice = page.locator('[data-notice="awaited"]');
  expect(await notice.textContent()).toMatch(
    /^The engine for threads is still being built.*The page goes on by itself/,
  );
  await page.evaluate(() => document.body.setAttribute('data-loaded-once', ''));
  build();
  end();
  await settled(page, lines);
  await notice.waitFor({ state: 'detached' });
  expect(await page.locator('.summary').textContent()).toMatch(/threads$/);
  expect(await page.locator('body[data-loaded-once]').count()).toBe(1);
});

test('the reader of traces is waited for too, and the page says so, also where it counts faults', async () => {
  let end = () => {};
  const later = new Promise<void>((resolve) => {
    end = resolve;
  });
  const page = await open(await serve(later), withScript(...story));
  await settled(page, story.length);
  await drop(page, 'mine.lackey', ' L 400000,8\n S 401000,8\n L 402000,8\n');
  const notice = page.locator('[data-notice="awaited"]');
  const words = /^The reader of traces is still being built.*The page goes on by itself/;
  expect(await notice.textContent()).toMatch(words);
  // A visitor that ends the reading waits for nothing.
  await page.locator('[data-notice="reading-trace"] button').click();
  await notice.waitFor({ state: 'detached' });
  await page.keyboard.press('Shift+C');
  const state = page.locator('[data-dialog="curves"] .curves-state');
  await expect.poll(() => state.textContent()).toMatch(/The reader of traces is still being built/);
  build();
  end();
  await expect.poll(() => state.textContent()).not.toMatch(/built|Counting/);
  await leaveDialog(page);
  await drop(page, 'mine.lackey', ' L 400000,8\n S 401000,8\n L 402000,8\n');
  await expect
    .poll(() => page.locator('.scenario-title').textContent())
    .toMatch(/^mine: 3 references/);
  expect(await notice.count()).toBe(0);
});

test('a module that cannot be built says what the compiler said, and the page goes on when it is built', async () => {
  const crate = join(copy, 'broken');
  mkdirSync(join(crate, 'src'), { recursive: true });
  writeFileSync(
    join(crate, 'Cargo.toml'),
    '[package]\nname = "broken"\nedition = "2024"\n[workspace]\n',
  );
  writeFileSync(join(crate, 'src', 'lib.rs'), 'pub fn frames() -> u32 { pages }\n');
  const failing = run('cargo', ['build', '--manifest-path', join(crate, 'Cargo.toml')], {
    env: { CARGO_TARGET_DIR: join(crate, 'target') },
    output: 'hide',
    cure: 'see what the compiler said above',
  });
  failing.catch(() => {});
  const address = await serve(failing);
  const page = await open(address, onThreads);
  const notice = page.locator('[data-notice="failure"]');
  expect(await notice.locator('h2').textContent()).toBe(
    'This part of the engine could not be built',
  );
  const words = await notice.locator('.panic').first().textContent();
  expect(words).toMatch(/cannot find value `pages` in this scope/);
  expect(words).toMatch(/reason: cargo build .* ended with status 101/);
  expect(words).toMatch(/cure: {3}see what the compiler said above/);
  expect(await notice.textContent()).toMatch(/run npm start again/);
  // It is cured, and `npm start` is run again.
  const { port } = new URL(address);
  await server?.close();
  build();
  await serve(Promise.resolve(), Number(port));
  await settled(page, lines);
  expect(await notice.count()).toBe(0);
});

test('where all is built, npm start serves the page at once, and asks for no toolchain', async () => {
  const nowhere = join(copy, 'nowhere');
  const env = { ...process.env, PATH: nowhere, CARGO_HOME: nowhere, BROWSER: 'none' };
  const started = spawn(process.execPath, ['scripts/start.mjs', '--port', '0'], { cwd: root, env });
  let said = '';
  for (const stream of [started.stdout, started.stderr]) {
    stream.on('data', (words) => {
      said += words;
    });
  }
  const over = new Promise((resolve) => started.on('close', resolve));
  try {
    await expect.poll(() => said).toMatch(/Faultline is ready after .*: http:/);
    const page = await open(said.match(/http:\S+/)?.[0] ?? '', onThreads);
    await settled(page, lines);
    expect(said).not.toMatch(/warning|error|compile|still|meanwhile/i);
  } finally {
    started.kill();
    await over;
  }
});
