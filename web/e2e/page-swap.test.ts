// R2 and G3 in the page: swap on the browser's disk, in real files of the origin.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Op, Scenario } from '../src/generated/types.d.ts';
import { useSite } from './harness.ts';
import { openScenario, press, reportOf, settled, withScript } from './page-kit.ts';

const site = useSite();

/** The names of the swap files that the origin has. */
function swapFiles(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('faultline-swap', { create: true });
    const names: string[] = [];
    for await (const name of folder.keys()) names.push(name);
    return names;
  });
}

const pressed: Scenario = {
  faultline: 1,
  machine: { frames: 48, slots: 512, cpus: 2 },
  runtime: { kind: 'threads' },
  script: [
    { op: 'spawn', as: 'init', pages: 256 },
    { op: 'run', process: 'init', cpus: 2, pattern: 'uniform', accesses: 4000, writes: 0.5 },
    { op: 'fork', process: 'init', as: 'child' },
    { op: 'run', process: 'child', cpus: 2, pattern: 'uniform', accesses: 4000, writes: 0.5 },
  ],
};

test('r2 swap on the browser’s disk and in memory come to the same state, and the file goes with its machine', async () => {
  const page = await site.open('runner.html');
  const run = (disk: boolean) =>
    page.evaluate(
      async ([scenario, disk]) => {
        const { Laboratory } = faultlineRunner;
        const text = JSON.stringify(scenario);
        const laboratory = await Laboratory.open(text, () => undefined, { disk });
        for (const op of scenario.script ?? []) await laboratory.apply(op);
        const { swap } = laboratory;
        const traffic = swap !== undefined && 'traffic' in swap ? swap.traffic() : undefined;
        const { ok, state_hash, counters } = await laboratory.finish();
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle('faultline-swap', { create: true });
        const sizes: number[] = [];
        for await (const entry of folder.values()) {
          sizes.push((await (entry as FileSystemFileHandle).getFile()).size);
        }
        laboratory.close();
        return { ok, state_hash, counters, traffic, sizes };
      },
      [pressed, disk] as const,
    );
  const memory = await run(false);
  expect(memory).toMatchObject({ ok: true, traffic: undefined, sizes: [] });
  const disk = await run(true);
  expect(disk).toMatchObject({ ok: true, state_hash: memory.state_hash });
  expect(disk.counters.swap_writes).toBeGreaterThan(0);
  expect(disk.counters.swap_reads).toBeGreaterThan(0);
  expect(disk.traffic?.written).toBeGreaterThan(0);
  expect(disk.traffic?.read).toBeGreaterThan(0);
  expect(disk.traffic?.failed).toBe(0);
  expect(disk.sizes).toEqual([expect.any(Number)]);
  expect(disk.sizes[0]).toBeGreaterThan(0);
  await expect.poll(() => swapFiles(page)).toEqual([]);
});

test('g3 on a full disk the op that needed a slot fails, no byte is lost, and the machine goes on', async () => {
  const page = await site.open('runner.html');
  const session = await page.context().newCDPSession(page);
  const origin = new URL(page.url()).origin;
  const most = 100;
  const opened = await page.evaluate(async () => {
    const scenario = {
      faultline: 1,
      machine: { frames: 128, slots: 200, cpus: 1 },
      runtime: { kind: 'threads' },
    };
    const { Laboratory } = faultlineRunner;
    const laboratory = await Laboratory.open(JSON.stringify(scenario), () => undefined, {
      disk: true,
    });
    Reflect.set(globalThis, 'laboratory', laboratory);
    return laboratory.swap !== undefined && 'traffic' in laboratory.swap;
  });
  expect(opened).toBe(true);
  const apply = (op: Op) =>
    page.evaluate((each) => {
      const laboratory: Awaited<ReturnType<typeof faultlineRunner.Laboratory.open>> = Reflect.get(
        globalThis,
        'laboratory',
      );
      return laboratory.apply(each);
    }, op);
  const holds = async (op: Op) => {
    const outcome = await apply(op);
    expect(outcome.ok, `${JSON.stringify(op)}: ${JSON.stringify(outcome)}`).toBe(true);
  };
  const write = (at: number) => holds({ op: 'write', process: 'a', page: at, value: at + 1 });
  const evict = (at: number): Op => ({ op: 'evict', process: 'a', page: at });
  const read = (at: number) => holds({ op: 'read', process: 'a', page: at, expect: at + 1 });
  await holds({ op: 'spawn', as: 'a', pages: most });
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 100_000 });
  let full = 0;
  for (; full < most; full++) {
    await write(full);
    const outcome = await apply(evict(full));
    if (outcome.ok) continue;
    expect(outcome).toMatchObject({
      code: 'swap-failed',
      message: expect.stringContaining('write of slot'),
    });
    break;
  }
  // Some pages had room, and then there was none.
  expect(full).toBeGreaterThan(2);
  expect(full).toBeLessThan(most);
  for (let at = 0; at <= full; at++) await read(at);
  await holds({ ...evict(full), fails: 'swap-failed' } as Op);
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await holds(evict(full));
  await read(full);
  const report = await page.evaluate(async () => {
    const laboratory = Reflect.get(globalThis, 'laboratory');
    const { ok, failures } = await laboratory.finish();
    const { failed } = laboratory.swap.traffic();
    laboratory.close();
    return { ok, failures, failed };
  });
  // The one that no op was told to expect; the audit found nothing.
  expect(report.failures).toEqual([
    expect.objectContaining({ found: expect.stringContaining('swap-failed') }),
  ]);
  expect(report.failed).toBeGreaterThanOrEqual(2);
});

const threaded = {
  ...withScript(
    { op: 'spawn', as: 'init', pages: 64 },
    { op: 'write', process: 'init', page: 3, value: 7 },
    { op: 'evict', process: 'init', page: 3 },
    { op: 'read', process: 'init', page: 3, expect: 7 },
  ),
  runtime: { kind: 'threads' as const },
};

async function changeMachine(page: Page, change: (dialog: ReturnType<Page['locator']>) => unknown) {
  await press(page, 'machine');
  const dialog = page.locator('[data-dialog="machine"]');
  await change(dialog);
  await dialog.locator('button[type="submit"]').click();
  await dialog.waitFor({ state: 'detached' });
}

test('r2 the visitor puts swap on disk, and the page says what went there; on virtual CPUs it says why not', async () => {
  const page = await openScenario(site, threaded);
  const place = page.locator('[data-swap-place]');
  expect(await place.count()).toBe(0);
  const { state } = await reportOf(page);
  await page.keyboard.press('Escape');
  await changeMachine(page, (dialog) => dialog.locator('input[name="disk"]').check());
  await settled(page, 4);
  await expect.poll(() => place.textContent()).toBe('On disk: 4 kB written, 4 kB read');
  expect(await swapFiles(page)).toHaveLength(1);
  expect((await reportOf(page)).state).toBe(state);
  await page.keyboard.press('Escape');
  await changeMachine(page, (dialog) => dialog.locator('input[value="virtual"]').check());
  await settled(page, 4);
  expect(await place.textContent()).toBe('In memory: virtual CPUs wait for no disk.');
  await expect.poll(() => swapFiles(page)).toEqual([]);
  // The choice is of the visit: it comes back with threads, and goes when it is taken back.
  await changeMachine(page, (dialog) => dialog.locator('input[value="threads"]').check());
  await settled(page, 4);
  await expect.poll(() => place.getAttribute('data-swap-place')).toBe('disk');
  await changeMachine(page, (dialog) => dialog.locator('input[name="disk"]').uncheck());
  await settled(page, 4);
  await place.waitFor({ state: 'detached' });
});
