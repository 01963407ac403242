// R1 in the page: real workers, watched while they run; and what happens when one breaks.

import { expect, test } from 'vitest';
import { expectErrors, useSite } from './harness.ts';
import { counter, openScenario, press, reportOf, settled, withScript } from './page-kit.ts';

const site = useSite();

const threaded = {
  ...withScript({ op: 'spawn', as: 'init', pages: 256 }),
  runtime: { kind: 'threads' as const },
};

test('r1 a workload on two CPU workers is watched while it runs', async () => {
  const page = await openScenario(site, threaded);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(page.workers().length).toBeGreaterThanOrEqual(3);
  await page.keyboard.press('g');
  const dialog = page.locator('[data-dialog="run"]');
  await dialog.locator('input[name="accesses"]').fill('600000');
  // The page itself wants a core too, and says so where none is left for it.
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  const cpus = dialog.locator('input[name="cpus"]');
  expect(await cpus.inputValue()).toBe(String(Math.min(2, Math.max(1, cores - 1))));
  await cpus.fill(String(cores));
  await dialog.locator('[data-hint="cores"]').waitFor();
  await cpus.fill('2');
  await dialog.locator('button[type="submit"]').click();
  // Live: the counter is seen on its way.
  await expect.poll(() => counter(page, 'accesses'), { interval: 20 }).toBeGreaterThan(0);
  await settled(page, 2);
  await expect.poll(() => counter(page, 'accesses')).toBe(600_000);
  expect((await reportOf(page)).ok).toBe(true);
});

test('r1 the same script ends in the same state on threads and on virtual CPUs', async () => {
  const script = withScript(
    { op: 'spawn', as: 'init', pages: 128 },
    { op: 'run', process: 'init', pattern: 'uniform', accesses: 3000, writes: 0.5, seed: 5 },
    { op: 'fork', process: 'init', as: 'child' },
    { op: 'write', process: 'child', page: 1, value: 4 },
  );
  const virtual = await reportOf(await openScenario(site, script));
  const threads = await reportOf(
    await openScenario(site, { ...script, runtime: { kind: 'threads' } }),
  );
  expect(threads.state).toBe(virtual.state);
  expect(threads.trace).toBe('');
});

test('the runtime is switched in the machine dialog', async () => {
  const page = await openScenario(site, withScript({ op: 'spawn', as: 'init', pages: 8 }));
  await press(page, 'machine');
  const dialog = page.locator('[data-dialog="machine"]');
  await dialog.locator('input[value="threads"]').check();
  await dialog.locator('input[name="frames"]').fill('3');
  await dialog.locator('button[type="submit"]').click();
  expect(await dialog.locator('[data-notice="problem"] dd').first().textContent()).toBe(
    'Machine: Frames',
  );
  await dialog.locator('input[name="frames"]').fill('128');
  await dialog.locator('select[name="policy"]').selectOption('sieve');
  await dialog.locator('button[type="submit"]').click();
  await expect
    .poll(() => page.locator('.summary').textContent())
    .toBe('128 frames · 512 slots · 2 CPUs · threads');
  await settled(page, 1);
  await page.keyboard.press('j');
  expect(await page.locator('textarea').inputValue()).toContain('"policy": "sieve"');
});

test('a run that takes too long can be stopped, and the script is kept', async () => {
  const page = await openScenario(site, threaded);
  await page.keyboard.press('g');
  await page.locator('[data-dialog="run"] input[name="accesses"]').fill('100000000000');
  await page.locator('[data-dialog="run"] button[type="submit"]').click();
  await page.locator('[data-status="busy"]').waitFor();
  await page.keyboard.press('x');
  await settled(page, 1);
  expect(await page.locator('.line').count()).toBe(2);
});

test('an engine that cannot be loaded is told, and the page offers to try again', async () => {
  expectErrors();
  const first = await openScenario(site, withScript());
  await first.context().route('**/*.wasm', (route) => route.abort());
  const page = await site.open(new URL(first.url()).hash);
  const notice = page.locator('[data-notice="failure"]');
  await notice.waitFor();
  expect(await notice.locator('h2').textContent()).toBe('engine stopped');
  await page.context().unroute('**/*.wasm');
  await notice.getByRole('button', { name: 'Restart the machine' }).click();
  await settled(page, 0);
});

test('a worker that panics is named, the scenario is kept, and the machine restarts', async () => {
  expectErrors();
  const page = await openScenario(site, withScript({ op: 'spawn', as: 'init', pages: 8 }));
  const engine = page.workers().at(-1);
  await engine?.evaluate(() => {
    const report = Reflect.get(globalThis, 'faultlineReportPanic') as (message: string) => void;
    report('panicked at a test');
  });
  const notice = page.locator('[data-notice="failure"]');
  await notice.waitFor();
  expect(await notice.locator('h2').textContent()).toBe('engine panicked');
  expect(await notice.textContent()).toContain('panicked at a test');
  await notice.getByRole('button', { name: 'Restart the machine' }).click();
  await settled(page, 1);
  expect(await notice.count()).toBe(0);
});
