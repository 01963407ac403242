// The engine in its workers, in a real browser, without the page around it.

import { expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { expectErrors, useSite } from './harness.ts';

const site = useSite();

const onThreads: Scenario = {
  faultline: 1,
  machine: { frames: 48, cpus: 2 },
  runtime: { kind: 'threads' },
  script: [
    { op: 'spawn', as: 'init', pages: 128 },
    { op: 'write', process: 'init', page: 3, value: 42 },
    { op: 'fork', process: 'init', as: 'child' },
    { op: 'run', process: 'child', cpus: 2, pattern: 'uniform', accesses: 2000, writes: 0.5 },
    { op: 'evict', process: 'init', page: 3 },
  ],
};

test('the page is isolated, so that its workers can share memory', async () => {
  const page = await site.open('runner.html');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

test('r5 a scenario is checked in the engine worker, over shared memory', async () => {
  const page = await site.open('runner.html');
  const check = (text: string) => page.evaluate((given) => faultlineRunner.check(given), text);
  expect(await check('{"faultline": 1}')).toBeNull();
  expect(await check('{"faultline": 1, "machine": {"frames": 3}}')).toEqual({
    path: '/machine/frames',
    found: '3',
    legal: expect.stringContaining('8'),
    message: expect.stringContaining('smallest machine'),
  });
});

test('r1 the page reads in place what the threads have done', async () => {
  const page = await site.open('runner.html');
  const seen = await page.evaluate(async (scenario) => {
    const { Laboratory } = faultlineRunner;
    const laboratory = await Laboratory.open(JSON.stringify(scenario), () => undefined);
    const outcomes = [];
    for (const op of scenario.script ?? []) outcomes.push((await laboratory.apply(op)).ok);
    const { views } = laboratory;
    const [init] = (await laboratory.processes()).filter(({ name }) => name === 'init');
    const before = {
      shared: views.words.buffer instanceof SharedArrayBuffer,
      outcomes,
      record: views.process(init?.index ?? -1),
      pte: views.pte(init?.index ?? -1, 3),
      counters: views.counters(),
      events: views.events(0, 0).events.length,
      report: await laboratory.finish(),
    };
    laboratory.close();
    return before;
  }, onThreads);
  expect(seen.shared).toBe(true);
  expect(seen.outcomes).toEqual([true, true, true, true, true]);
  expect(seen.record).toMatchObject({ state: 'running', pages: 128 });
  expect(seen.pte).toMatchObject({ state: 'swapped' });
  expect(seen.events).toBeGreaterThan(0);
  expect(seen.report).toMatchObject({ ok: true, failures: [], trace_hash: null });
  expect(seen.counters).toMatchObject({ accesses: seen.report.counters.accesses });
});

test('a refused scenario is told from a broken engine', async () => {
  const page = await site.open('runner.html');
  const refused = await page.evaluate(async () => {
    try {
      await faultlineRunner.Laboratory.open('{"faultline": 2}', () => undefined);
      return null;
    } catch (error) {
      const { name, path, message } = error as Error & { path: string };
      return { name, path, message };
    }
  });
  expect(refused).toMatchObject({ name: 'ScenarioProblem', path: '/faultline' });
});

test('a panic in a CPU reaches the page with its name, and another machine can be opened', async () => {
  expectErrors();
  const page = await site.open('runner.html');
  const told = await page.evaluate(async (scenario) => {
    const { Laboratory } = faultlineRunner;
    const text = JSON.stringify(scenario);
    const failures: { worker: string; message: string }[] = [];
    const laboratory = await Laboratory.open(text, (failure) => failures.push(failure));
    await laboratory.apply({ op: 'spawn', as: 'init', pages: 128 });
    await laboratory.apply({ op: 'write', process: 'init', page: 0, value: 1 });
    // A directory entry that names a frame far outside the machine: no engine survives that.
    const { views } = laboratory;
    const [init] = await laboratory.processes();
    views.frameContents(views.process(init?.index ?? 0).directory)[1] = 0xfff;
    const rejected = await laboratory
      .apply({ op: 'write', process: 'init', page: 0, value: 2 })
      .then(
        () => 'resolved',
        (error: Error) => error.message,
      );
    laboratory.close();

    const next = await Laboratory.open(text, (failure) => failures.push(failure));
    for (const op of scenario.script ?? []) await next.apply(op);
    const { ok } = await next.finish();
    next.close();
    return { failures, rejected, ok };
  }, onThreads);
  expect(told.failures).toEqual([
    {
      worker: expect.stringMatching(/^cpu \d$/),
      message: expect.stringMatching(/panicked at crate\/engine/),
    },
  ]);
  expect(told.rejected).toMatch(/^cpu \d: /);
  expect(told.ok).toBe(true);
});
