// W6: `<faultline-lab>`, from the package that `npm pack` makes, in pages of another origin, of React, and under a strict policy.

import { join } from 'node:path';
import type { BrowserContext, Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FaultlineLab } from '../../element/src/index.ts';
import { serveFolder } from '../../scripts/lib/static-server.mjs';
import { buildReactPage, makeWorkshop, placeOf, problemOf, type Workshop } from './element-kit.ts';
import { newProfile } from './harness.ts';
import { frames } from './page-kit.ts';

type Host = Awaited<ReturnType<typeof serveFolder>>;

let workshop: Workshop;
/** Serves the page, at an origin of its own; and pages that have it in them. */
let lab: Host;
let hosts: Host;
let profile: BrowserContext | undefined;
const opened: Host[] = [];

const serve = async (folder: string, options: Parameters<typeof serveFolder>[1]) => {
  const host = await serveFolder(folder, options);
  opened.push(host);
  return host;
};

beforeAll(async () => {
  workshop = makeWorkshop();
  lab = await serve(join(workshop.installed, 'dist/page'), { isolated: false });
  hosts = await serve(workshop.site, { isolated: false, host: 'localhost' });
});
afterEach(async () => {
  await profile?.close();
  profile = undefined;
  expect(errors.splice(0)).toEqual([]);
});
afterAll(async () => {
  for (const host of opened) await host.close();
  workshop?.remove();
});

const errors: string[] = [];

async function visit(address: string): Promise<Page> {
  profile ??= await newProfile({ viewport: { width: 1000, height: 900 }, serviceWorkers: 'block' });
  const page = await profile.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(address);
  return page;
}

/** The frame of a page's element, when a scenario is open in it. */
async function frameOf(page: Page): Promise<Frame> {
  await expect.poll(() => placeOf(page)).toBeTypeOf('number');
  const frame = page.frames()[1];
  if (frame === undefined) throw new Error('no frame');
  return frame;
}

const plain = (page: string) => `${hosts.address}plain.html?page=${encodeURIComponent(page)}`;

test('w6 an element in a page of another origin runs a script, and tells its steps and faults', async () => {
  const page = await visit(plain(lab.address));
  const frame = await frameOf(page);
  expect(new URL(frame.url()).origin).not.toBe(new URL(page.url()).origin);
  expect(await frame.locator('.panel h2').allTextContents()).toEqual([
    'Page table (virtual)',
    'Frames (physical memory)',
  ]);
  expect(await frame.locator('html').getAttribute('data-theme')).toBe('light');
  const words = page.locator('output');
  await expect.poll(() => words.textContent()).toBe('line 0 of 4');
  for (const line of [1, 2]) {
    await page.locator('[data-do="step"]').click();
    await expect.poll(() => words.textContent()).toBe(`line ${line} of 4`);
  }
  await page.locator('[data-do="run"]').click();
  await expect.poll(() => words.textContent()).toBe('line 4 of 4');
  const faults = page.locator('[data-faults] li');
  await expect
    .poll(() => faults.allTextContents())
    .toEqual(['init 3: demand_zero', 'child 3: write_protect']);
  await page.locator('[data-do="back"]').click();
  await expect.poll(() => words.textContent()).toBe('line 3 of 4');
  // The way to the whole page carries the scenario.
  const [whole] = await Promise.all([
    page.context().waitForEvent('page'),
    frame.locator('.embed-head a').click(),
  ]);
  await expect.poll(() => whole.locator('.line').count()).toBe(4);
});

test('w6 the methods of an element go to any place of the run, and bring what came of it', async () => {
  const page = await visit(plain(lab.address));
  await frameOf(page);
  const found = await page.evaluate(async () => {
    const lab = document.querySelector('faultline-lab') as FaultlineLab;
    const end = await lab.go('end');
    const middle = await lab.go({ event: 5 });
    const before = await lab.back('event');
    const fault = await lab.step('fault');
    const start = await lab.go('start');
    const played = lab.play();
    const paused = await lab.pause();
    await played;
    const report = await lab.report();
    const refused = await lab.step('hour' as 'line').catch((error) => error.problem);
    return { end, middle, before, fault, start, paused, report, refused };
  });
  expect(found.end).toMatchObject({ lines: 4, of: 4, underWay: false, counters: { copies: 1 } });
  expect(found.end.last).toMatchObject({ line: 4, op: { op: 'write', process: 'child' } });
  // It stops at the first place where a CPU may be overtaken.
  expect(found.middle.event).toBeGreaterThanOrEqual(5);
  expect(found.before.event).toBeLessThan(found.middle.event);
  expect(found.fault.event).toBeGreaterThan(found.before.event);
  expect([found.start.event, found.start.lines]).toEqual([0, 0]);
  expect(found.paused.playing).toBe(false);
  expect(found.report.ok).toBe(true);
  expect(found.refused).toMatchObject({
    where: 'step',
    found: 'hour',
    legal: 'line, event, fault',
  });
});

test('w6 an element is as high as what it shows, and its document may say otherwise', async () => {
  const page = await visit(plain(lab.address));
  const frame = await frameOf(page);
  const height = () => page.locator('faultline-lab').evaluate((lab) => lab.clientHeight);
  const hidden = () =>
    frame.evaluate(() => {
      const { scrollHeight, clientHeight } = document.documentElement;
      return scrollHeight - clientHeight;
    });
  for (const width of [1000, 700, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(hidden, { message: `at ${width} px` }).toBe(0);
    // It has come to rest.
    const before = await height();
    await frames(page, 12);
    expect(await height()).toBe(before);
    expect(before).toBeGreaterThan(300);
  }
  // One above the other they are higher than side by side.
  const narrow = await height();
  await page.setViewportSize({ width: 1000, height: 900 });
  await expect.poll(height).toBeLessThan(narrow);
  await page.addStyleTag({ content: 'faultline-lab { height: 300px }' });
  expect(await height()).toBe(300);
});

test('w6 an element changes with its attributes, and keeps its frame where it can', async () => {
  const page = await visit(plain(lab.address));
  const frame = await frameOf(page);
  const set = (name: string, value: string) =>
    page.locator('faultline-lab').evaluate(
      (lab, [name, value]) => {
        lab.setAttribute(name ?? '', value ?? '');
      },
      [name, value],
    );
  await set('theme', 'dark');
  await expect.poll(() => frame.locator('html').getAttribute('data-theme')).toBe('dark');
  await set('place', 'end');
  await expect.poll(() => placeOf(page)).toBe(4);
  await set('scenario', '{"faultline": 1, "script": [{"op": "spawn", "as": "other", "pages": 8}]}');
  await expect.poll(() => placeOf(page)).toBe(1);
  expect(page.frames()[1]).toBe(frame);
  await set('panels', 'script, counters');
  await expect.poll(() => page.frames()[1] === frame).toBe(false);
  const next = await frameOf(page);
  await expect
    .poll(() => next.locator('.panel h2').allTextContents())
    .toEqual(['Script', 'Counters']);
  expect(await page.locator('faultline-lab').evaluate((lab) => lab.remove())).toBeUndefined();
  await expect.poll(() => page.frames().length).toBe(1);
});

test('w6 what is not legal is told by an event: where, what was found, what is legal', async () => {
  const page = await visit(plain(lab.address));
  await frameOf(page);
  const machine = '{"faultline": 1, "machine": {"frames": 3}}';
  const wrong: [Record<string, string>, string, string, string][] = [
    [{ theme: 'blue' }, 'theme', 'blue', 'dark, light, system'],
    [{ theme: 'dark', place: 'middle' }, 'place', 'middle', 'start, end, a number of lines'],
    [{ place: 'end', panels: 'pages, heap' }, 'panels', 'heap', 'processes, actions, virtual'],
    [{ panels: 'script', scenario: machine }, 'scenario/machine/frames', '3', '8'],
    [{ scenario: 'spawn init 8\nwrit init 3' }, 'scenario, line 2, character 1', 'writ', 'write'],
    [{ scenario: '#1.broken-' }, 'scenario', 'damaged', 'a link'],
    [{ scenario: 'ftp://example.org/a' }, 'scenario', 'ftp://example.org/a', 'https or http'],
    [{ scenario: 'spawn init 8', page: 'data:,' }, 'page', 'data:,', 'https or http'],
  ];
  for (const [attributes, where, found, legal] of wrong) {
    const problem = await problemOf(page, attributes);
    expect(problem, JSON.stringify(attributes)).toMatchObject({ where, found });
    expect(problem.legal).toContain(legal);
    expect(problem.message).toContain(found);
  }
  // Where nobody listens the element shows it.
  const shown = page.locator('faultline-lab [role="alert"]');
  await expect.poll(() => shown.textContent()).toContain('page: found data:,; legal:');
});

test('w6 a scenario that is not there, and a page that does not answer, are told too', async () => {
  const page = await visit(plain(lab.address));
  await frameOf(page);
  const absent = await problemOf(page, { scenario: 'absent.json' });
  expect(absent).toMatchObject({ where: 'scenario', found: `${hosts.address}absent.json (404)` });
  // The host's own page is none of Faultline's.
  const other = `${hosts.address}strict.html`;
  const mute = await problemOf(page, { scenario: 'spawn init 8', page: other });
  expect(mute).toMatchObject({ where: 'page' });
  expect(mute.found).toContain('no answer from');
  expect(mute.legal).toContain('frame-src');
  // The browser itself reports the file that is not there.
  expect(errors.splice(0).every((error) => error.includes('404'))).toBe(true);
});

test('w6 a page in a frame heeds the origin that its address names, and no other', async () => {
  const page = await visit(`${hosts.address}fork.json`);
  const heard = (host: string) =>
    page.evaluate(
      async ({ address, host }) => {
        document.body.replaceChildren();
        const frame = document.createElement('iframe');
        frame.src = `${address}?embed=1&host=${encodeURIComponent(host)}`;
        document.body.append(frame);
        await new Promise((loaded) => frame.addEventListener('load', loaded));
        const { port1, port2 } = new MessageChannel();
        const greeting = { faultline: 'connect', protocol: 1 };
        frame.contentWindow?.postMessage(greeting, '*', [port2]);
        const answer = new Promise<string>((told) => {
          port1.onmessage = ({ data }) => told(data.tell);
        });
        port1.postMessage({ id: 1, ask: 'theme', theme: 'dark' });
        const silence = (async () => {
          for (let at = 0; at < 120; at++)
            await new Promise((drawn) => requestAnimationFrame(drawn));
          return 'nothing';
        })();
        return Promise.race([answer, host === location.origin ? answer : silence]);
      },
      { address: lab.address, host },
    );
  expect(await heard(new URL(hosts.address).origin)).not.toBe('nothing');
  expect(await heard('https://example.org')).toBe('nothing');
  // The browser reports the greeting that it does not deliver, and that the site has no icon.
  expect(errors.splice(0).filter((error) => !/postMessage|404/.test(error))).toEqual([]);
});

test('w6 an element has threads where its page is isolated, and virtual CPUs elsewhere', async () => {
  const scenario = JSON.stringify({
    faultline: 1,
    runtime: { kind: 'threads' },
    script: [
      { op: 'spawn', as: 'init', pages: 16 },
      { op: 'write', process: 'init', page: 3, value: 7 },
    ],
  });
  const readers = 'cross-origin';
  const policy = "default-src 'self' data: 'wasm-unsafe-eval'; frame-src *";
  const isolatedLab = await serve(join(workshop.installed, 'dist/page'), { readers });
  const isolatedHosts = await serve(workshop.site, { host: 'localhost', policy });
  const runtimeIn = async (host: Host, address: string) => {
    const page = await visit(`${host.address}plain.html`);
    return page.evaluate(
      ({ address, scenario }) => {
        const lab = document.querySelector('faultline-lab') as FaultlineLab;
        return new Promise<{ here: boolean; runtime: string; lines: number }>((told) => {
          lab.addEventListener('faultline-ready', async ({ detail: { runtime } }) => {
            if (lab.scenario !== scenario || lab.page !== address) return;
            const { lines } = await lab.step();
            told({ here: crossOriginIsolated, runtime, lines });
          });
          Object.assign(lab, { page: address, scenario });
        });
      },
      { address, scenario },
    );
  };
  expect(await runtimeIn(hosts, lab.address)).toEqual({
    here: false,
    runtime: 'virtual',
    lines: 1,
  });
  expect(await runtimeIn(hosts, isolatedLab.address)).toEqual({
    ...{ here: false, runtime: 'threads', lines: 1 },
  });
  expect(await runtimeIn(isolatedHosts, isolatedLab.address)).toEqual({
    ...{ here: true, runtime: 'threads', lines: 1 },
  });
});

test('w6 an element works under a strict policy, with the page of its own package', async () => {
  const page = await visit(`${hosts.address}strict.html`);
  const frame = await frameOf(page);
  expect(frame.url()).toContain('/faultline-lab/dist/page/?embed=1&panels=script');
  await expect.poll(() => placeOf(page)).toBe(4);
  expect(await page.locator('faultline-lab').evaluate((lab) => lab.clientHeight)).not.toBe(420);
});

test('w6 an element is typed for React, and lives in a component', async () => {
  await buildReactPage(workshop);
  const page = await visit(`${hosts.address}react/?page=${encodeURIComponent(lab.address)}`);
  await frameOf(page);
  for (const line of [1, 2, 3, 4]) {
    await page.locator('[data-do="step"]').click();
    await expect.poll(() => placeOf(page)).toBe(line);
  }
  await expect.poll(() => page.locator('output').textContent()).toBe('1 copies');
  await page.locator('[data-do="frames"]').click();
  const heads = () => page.frames()[1]?.locator('.panel h2').allTextContents();
  await expect.poll(heads).toEqual(['Frames (physical memory)']);
});
