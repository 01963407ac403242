// What a browser does to a page that nobody planned for: workers that vanish, tabs that sleep, scripts without end.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { encode } from '../src/share/codec.ts';
import { expectErrors, useSite } from './harness.ts';
import { counter, openScenario, reportOf, settled, withScript } from './page-kit.ts';

const site = useSite();

/** It has two CPUs. */
const virtual = withScript({ op: 'spawn', as: 'init', pages: 256 });
const threaded = { ...virtual, runtime: { kind: 'threads' as const } };

/** Opens a scenario whose workers can be ended: those that are named so, the one that was spoken to last at the end. */
async function openWithMortal(scenario: Scenario, name: string): Promise<Page> {
  const first = await openScenario(site, scenario);
  await first.context().addInitScript((name) => {
    const workers: Worker[] = [];
    Reflect.set(globalThis, 'startedWorkers', workers);
    globalThis.Worker = class extends Worker {
      readonly #isNamedSo: boolean;
      constructor(address: string | URL, options?: WorkerOptions) {
        super(address, options);
        this.#isNamedSo = options?.name?.startsWith(name) === true;
      }
      override postMessage(message: unknown) {
        const others = workers.filter((worker) => worker !== this);
        if (this.#isNamedSo) workers.splice(0, Infinity, ...others, this);
        super.postMessage(message);
      }
    };
  }, name);
  return openScenario(site, scenario);
}

/** Begins a line without end, and lets the browser end the last workers while it runs. */
async function endWorkersInMidRun(page: Page, count: number): Promise<void> {
  await page.keyboard.press('g');
  await page.locator('[data-dialog="run"] input[name="accesses"]').fill('100000000000');
  await page.locator('[data-dialog="run"] button[type="submit"]').click();
  await expect.poll(() => counter(page, 'accesses')).toBeGreaterThan(0);
  await page.evaluate((count) => {
    const workers = Reflect.get(globalThis, 'startedWorkers') as Worker[];
    for (const worker of workers.slice(-count)) worker.terminate();
  }, count);
}

test('a CPU worker that the browser ends in mid-run is noticed, and stopping brings a new machine', async () => {
  expectErrors();
  const page = await openWithMortal(threaded, 'cpu');
  await endWorkersInMidRun(page, 2);
  const notice = page.locator('[data-notice="stalled"]');
  await notice.waitFor();
  await notice.getByRole('button').click();
  await settled(page, 1);
  expect(await page.locator('.line').count()).toBe(2);
  await notice.waitFor({ state: 'detached' });
});

test('a virtual machine whose worker the browser ends is replaced when Stop is pressed again', async () => {
  const page = await openWithMortal(virtual, 'engine');
  await endWorkersInMidRun(page, 1);
  const status = page.locator('[data-status]');
  const stop = page.locator('[data-command="stop"]').first();
  await stop.click();
  await expect.poll(() => status.textContent()).toMatch(/^Stopping/);
  await stop.click();
  await settled(page, 1);
  expect(await page.locator('.line').count()).toBe(2);
  expect(await status.textContent()).toMatch(/^Ready/);
});

test('a tab that is frozen in mid-run and thawed goes on to the end', async () => {
  const page = await openScenario(site, threaded);
  const session = await page.context().newCDPSession(page);
  await page.keyboard.press('g');
  await page.locator('[data-dialog="run"] input[name="accesses"]').fill('400000');
  await page.locator('[data-dialog="run"] button[type="submit"]').click();
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  // As long as another tab takes for a script of its own.
  const other = await openScenario(site, threaded);
  expect((await reportOf(other)).ok).toBe(true);
  await other.close();
  await page.bringToFront();
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await settled(page, 2);
  await expect.poll(() => counter(page, 'accesses')).toBe(400_000);
  expect((await reportOf(page)).ok).toBe(true);
});

const ofLines = (count: number): Scenario => ({
  ...withScript(),
  script: [
    { op: 'spawn', as: 'init', pages: 8 },
    ...Array.from({ length: count }, () => ({ op: 'settle' as const })),
  ],
});

test('a script of two hundred thousand lines opens, runs, and can be stopped', async () => {
  const page = await site.open(await encode(JSON.stringify(ofLines(200_000))));
  await page.locator('[data-status="busy"]').waitFor();
  expect(await page.locator('.line').count()).toBeLessThanOrEqual(2000);
  await page.keyboard.press('x');
  await page.locator('[data-status="ready"]').waitFor();
  expect(await page.locator('.panel-script .caption').textContent()).toMatch(/200,?001$/);
});

test('a script of a million lines is more than a link or a file may hold, and says so', async () => {
  const page = await site.open(await encode(JSON.stringify(ofLines(1_000_000))));
  const notice = page.locator('[data-notice="broken-link"]');
  await notice.waitFor();
  expect(await notice.textContent()).toMatch(/more than 4 MB/);
});
