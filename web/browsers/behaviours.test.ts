// What the page does in each browser, one behaviour a test. The first that is there, Chromium, says which state and which
// events a scenario has; the other tests of the page compare those with native runs.

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { findFirefox, findWebKit } from '../../scripts/lib/other-browsers.mjs';
import { serveFolder } from '../../scripts/lib/static-server.mjs';
import type { Op, Scenario } from '../src/generated/types.d.ts';
import { encode } from '../src/share/codec.ts';
import { startChromium } from './chromium.ts';
import type { Driver, Visitor } from './driver.ts';
import { until } from './driver.ts';
import { startFirefox } from './firefox.ts';
import * as page from './page.ts';
import { startWebKit } from './webkit.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** What the table says of a behaviour besides that it is right. */
    told?: string;
    version?: string;
  }
}

const dist = resolve(import.meta.dirname, '../dist');

interface Column {
  readonly name: string;
  /** Undefined where the browser is not there. */
  readonly start: (() => Promise<Driver>) | undefined;
  /** Whether it has shared memory where a page is isolated. */
  readonly shares: boolean;
}

const firefox = findFirefox();
const webkit = findWebKit();

const columns: readonly Column[] = [
  { name: 'Chromium', start: startChromium, shares: true },
  {
    name: 'Firefox',
    start: firefox === null ? undefined : () => startFirefox(firefox),
    shares: true,
  },
  {
    name: 'WebKitGTK',
    start: webkit === null ? undefined : () => startWebKit(webkit, false),
    shares: false,
  },
  {
    name: 'WebKitGTK, memory shared',
    start: webkit === null ? undefined : () => startWebKit(webkit, true),
    shares: true,
  },
];

const scenario = (...script: Op[]): Scenario => ({
  faultline: 1,
  title: 'A test',
  machine: { frames: 64, slots: 512, cpus: 2 },
  runtime: { kind: 'virtual', seed: 7 },
  script,
});
const onThreads = (of: Scenario): Scenario => ({ ...of, runtime: { kind: 'threads' } });
const linkTo = (of: Scenario) => encode(JSON.stringify(of));

const story = scenario(
  { op: 'spawn', as: 'init', pages: 64 },
  { op: 'write', process: 'init', page: 3, value: 7 },
  { op: 'fork', process: 'init', as: 'child' },
  { op: 'write', process: 'child', page: 3, value: 8 },
  { op: 'evict', process: 'init', page: 3 },
);
const work = scenario(
  { op: 'spawn', as: 'init', pages: 128 },
  { op: 'run', process: 'init', pattern: 'uniform', accesses: 3000, writes: 0.5, seed: 5 },
  { op: 'fork', process: 'init', as: 'child' },
  { op: 'write', process: 'child', page: 1, value: 4 },
);
const realProgram: Scenario = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../scenarios/real-program.json'), 'utf8'),
);
const faulting = onThreads(
  scenario(
    { op: 'spawn', as: 'init', pages: 256 },
    { op: 'run', process: 'init', cpus: 2, pattern: 'uniform', accesses: 40_000, writes: 0.3 },
  ),
);

/** What the first browser came to. */
const first = new Map<string, unknown>();
function expectAsFirst(name: string, found: unknown): void {
  if (!first.has(name)) first.set(name, found);
  expect(found).toEqual(first.get(name));
}

/** An address of this computer that others know it by: over plain http a browser does not trust it. */
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

type Host = Awaited<ReturnType<typeof serveFolder>>;
let isolated: Host;
let framing: Server;

/** A page of another origin, which shows in a frame what its own address asks for. */
function serveFrames(): Promise<Server> {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const source = (query.get('frame') ?? '').replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    response
      .writeHead(200, { 'Content-Type': 'text/html' })
      .end(
        `<!doctype html><title>Host</title><link rel="icon" href="data:,">` +
          `<iframe src="${source}" width="900" height="560"></iframe>`,
      );
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

beforeAll(async () => {
  isolated = await serveFolder(dist);
  framing = await serveFrames();
});
afterAll(async () => {
  await isolated?.close();
  framing?.close();
});

/** No address is that of a link and the page of another visit: only what follows the # would be loaded anew. */
let visits = 0;
const anew = (address: string, link: string) => `${address}?visit=${visits++}${link}`;

for (const { name, start, shares } of columns) {
  // Browsers run side by side, and in each one test runs after the other.
  const column = start === undefined ? describe.skip : describe.concurrent;
  column(name, () => {
    describe.sequential('the page', () => {
      let browser: Driver;
      let visitor: Visitor;
      /** A host that sends no headers. */
      let bare: Host;
      const reported: string[] = [];

      /** The visitor leaves, and another one comes who has never been there. */
      const comeAnew = async () => {
        reported.push(...(visitor.errors() ?? []));
        await visitor.leave();
        visitor = await browser.visit();
      };
      const openLink = async (of: Scenario) =>
        page.openAt(visitor, anew(isolated.address, await linkTo(of)), of.script?.length ?? 0);
      const threadsAreOff = async ({ task }: TestContext, hindrance: string) => {
        expect(await visitor.ask(page.hindrance)).toBe(hindrance);
        expect(await visitor.ask(page.summary)).toMatch(/virtual, seed \d+$/);
        task.meta.told = 'off, says why';
      };

      beforeAll(async () => {
        if (start === undefined) return;
        bare = await serveFolder(dist, { isolated: false, prefix: '/labs/faultline/' });
        browser = await start();
        visitor = await browser.visit();
      });
      afterAll(async () => {
        await visitor?.leave();
        await browser?.close();
        await bare?.close();
      });

      test('w6 a first visit is told its story to the end', async ({ task }) => {
        task.meta.version = browser.version;
        await visitor.open(bare.address);
        await until(visitor, page.storyState, (state) => state === 'told');
        await until(visitor, page.linesDone, (lines) => lines > 0);
        expectAsFirst('story', await visitor.ask(page.ops));
      });

      test('w6 a first visit is offered no newer build', async () => {
        await until(visitor, page.isServed, (is) => is);
        const notices = await visitor.ask(page.notices);
        expect(notices).not.toContain('new-build');
        expect(notices).not.toContain('failure');
      });

      test('w6 a host without headers has threads, by the service worker', async (context) => {
        await until(visitor, page.isServed, (is) => is);
        // A first visit does not wait for ever for the worker; then it is the next that is isolated.
        if (!(await visitor.ask(page.isIsolated))) await visitor.reload();
        await until(visitor, page.isIsolated, (is) => is);
        await until(visitor, page.linesDone, (lines) => lines > 0);
        if (!shares) return threadsAreOff(context, 'browser');
        expect(await visitor.ask(page.hindrance)).toBeNull();
        return undefined;
      });

      test('w1 spawn, fork, write, read, evict and kill by keys, and undo by a button', async () => {
        await page.openAt(visitor, anew(bare.address, await linkTo(scenario())), 0);
        for (const [line, key] of ['s', 'f', 'w', 'r', 'e', 'k'].entries()) {
          await visitor.press(key);
          await page.settled(visitor, line + 1);
        }
        expect(await visitor.ask(page.linesFailed)).toBe(0);
        await visitor.click('[data-command="undo"]');
        await page.settled(visitor, 5);
        expectAsFirst('keys', await visitor.ask(page.ops));
      });

      test('w6 a reload keeps the work, and without a network too', async () => {
        const before = await page.imageHash(visitor);
        await visitor.reload();
        await page.settled(visitor, 5);
        expect(await page.imageHash(visitor)).toBe(before);
        await bare.close();
        await visitor.reload();
        await page.settled(visitor, 5);
        expect(await page.imageHash(visitor)).toBe(before);
        expectAsFirst('kept', before);
      });

      test('r2 a real program has the same state and the same events', async () => {
        await comeAnew();
        await page.openAt(visitor, anew(isolated.address, await linkTo(realProgram)), 5);
        const report = await page.reportOf(visitor);
        expect(report.ok).toBe(true);
        expectAsFirst('real program', report);
      });

      test('r1 a script has the same state on threads and on virtual CPUs', async (context) => {
        await openLink(work);
        const { state } = await page.reportOf(visitor);
        await openLink(onThreads(work));
        if (!shares) {
          await threadsAreOff(context, 'browser');
          await page.openDialog(visitor, 'm', 'machine');
          const threads = '[data-dialog="machine"] input[value="threads"]';
          await until(visitor, page.isThere, (is) => is, `${threads}:disabled`);
          return page.leaveDialog(visitor);
        }
        expect(await visitor.ask(page.summary)).toMatch(/threads$/);
        expect(await page.reportOf(visitor)).toEqual({ ok: true, state, trace: '' });
        return undefined;
      });

      test('a33 faults on threads are counted, and timed no finer than the clock', async (context) => {
        await openLink(faulting);
        if (!shares) return threadsAreOff(context, 'browser');
        for (const panel of ['timing', 'faults']) {
          const tab = `[data-tab="${panel}"]`;
          if (await visitor.ask(page.isThere, `${tab}[aria-expanded="false"]`))
            await visitor.click(tab);
        }
        await until(visitor, page.textOf, (told) => told.includes('p99'), '.timing');
        const told = `${await visitor.ask(page.textOf, '.timing')} ${await visitor.ask(page.textOf, '.panel-faults')}`;
        expect(told).not.toMatch(/(^|[^\d.,])0 ns/);
        expect(told).not.toContain('No fault yet');
        expect(await visitor.ask(page.textOf, '.panel-timing .caption')).toMatch(/clock moves by/);
        return undefined;
      });

      test('w3 time travel by keys comes to the same states', async () => {
        await openLink(story);
        const hashes = [await page.imageHash(visitor)];
        for (const key of [',', '[', '[', '0', '9']) {
          await visitor.press(key);
          await until(visitor, page.isThere, (is) => is, '[data-status="ready"]');
          hashes.push(await page.imageHash(visitor));
        }
        expect(hashes.at(-1)).toBe(hashes[0]);
        expect(new Set(hashes).size).toBe(5);
        expectAsFirst('time travel', hashes);
      });

      test('w5 a link to a place in a run opens in a fresh profile', async () => {
        await visitor.press(',');
        await page.settled(visitor, 4);
        const before = await page.imageHash(visitor);
        await page.openDialog(visitor, 'l', 'share');
        const field = '[data-dialog="share"] input[name="address"]';
        const address = await until(visitor, page.fieldOf, (told) => told.includes('#1.'), field);
        await comeAnew();
        await page.openAt(visitor, address, 4);
        expect(await page.imageHash(visitor)).toBe(before);
      });

      test('w6 a frame in a page of another origin', async () => {
        const inside = `${isolated.address}?embed=1&panels=frames,pages&at=3${await linkTo(story)}`;
        const { port } = framing.address() as AddressInfo;
        await visitor.open(`http://localhost:${port}/?frame=${encodeURIComponent(inside)}`);
        await visitor.enterFrame();
        const position = '.transport .position';
        await until(visitor, page.textOf, (told) => told === '3 / 5', position);
        await visitor.ask(() =>
          document.querySelector<HTMLButtonElement>('[data-command="step"]')?.click(),
        );
        await until(visitor, page.textOf, (told) => told === '4 / 5', position);
      });

      test.skipIf(outside === undefined)('w6 plain http from another computer', async () => {
        await comeAnew();
        const host = await serveFolder(dist, { isolated: false, host: outside ?? '' });
        try {
          await page.openAt(visitor, `${host.address}${await linkTo(onThreads(story))}`, 5);
          expect(await visitor.ask(page.hindrance)).toBe('insecure');
          expect(await visitor.ask(page.noticeWords)).toContain('https');
          expect((await page.reportOf(visitor)).ok).toBe(true);
          // There is no clipboard object there.
          await page.openDialog(visitor, 'l', 'share');
          await until(visitor, page.fieldOf, (told) => told.includes('#1.'), '[name="address"]');
          await visitor.click('[data-share="link"]');
          await until(
            visitor,
            page.isThere,
            (is) => is,
            '[data-share="link"][data-copied="copied"]',
          );
        } finally {
          await host.close();
        }
      });

      test('w6 nothing is reported to the console as an error', ({ task }) => {
        const own = visitor.errors();
        if (own === undefined) task.meta.told = 'cannot be read';
        expect([...reported, ...(own ?? [])]).toEqual([]);
      });
    });
  });
}
