// Time travel in a virtual run, in a real browser: checkpoints are copies of the engine's memory.

import { expect, test } from 'vitest';
import type { Op, Scenario } from '../src/generated/types.d.ts';
import { useSite } from './harness.ts';

const site = useSite();

/** Faults, copies, evictions, a fork and a kill in the middle of everything. */
const storm: Scenario & { script: Op[] } = {
  faultline: 1,
  machine: { frames: 24, slots: 96, cpus: 3 },
  runtime: { kind: 'virtual', seed: 11 },
  script: [
    { op: 'spawn', as: 'a', pages: 48 },
    { op: 'write', process: 'a', page: 3, value: 1 },
    { op: 'fork', process: 'a', as: 'b' },
    {
      op: 'together',
      scripts: [
        [{ op: 'run', process: 'a', cpus: 2, pattern: 'uniform', accesses: 6000, writes: 0.5 }],
        [
          { op: 'run', process: 'b', pattern: { zipf: 0.9 }, accesses: 2000, writes: 0.5 },
          { op: 'kill', process: 'b' },
        ],
      ],
    },
    { op: 'run', process: 'a', pattern: 'sequential', accesses: 3000, writes: 0.2, seed: 4 },
    { op: 'audit' },
  ],
};

test('r4 the state at any place is the one that running there comes to, whatever came before', async () => {
  const page = await site.open('runner.html');
  const seen = await page.evaluate(async (scenario) => {
    const open = async () => {
      const laboratory = await faultlineRunner.Laboratory.open(JSON.stringify(scenario), () => 0);
      await laboratory.follow(scenario.script);
      return laboratory;
    };
    const lines = scenario.script.length;
    /** The last event of each ring, if it still has any; and whether each ring is in order. */
    const told = ({ views }: Awaited<ReturnType<typeof open>>) => {
      return Array.from({ length: views.layout.parts.events.count }, (_, ring) => {
        const { events, next } = views.events(ring, 0);
        const inOrder = events.every((event, at) => event.time >= (events[at - 1]?.time ?? 0));
        return { inOrder, next, last: events.at(-1) };
      });
    };
    const straight = await open();
    const length = (await straight.go({ line: lines })).stand.events;
    const end = await straight.imageHash();
    straight.close();
    let seed = 7;
    const draw = () => {
      seed = (seed * 48271) % 2147483647;
      return seed / 2147483647;
    };
    const places = Array.from({ length: 30 }, () => Math.floor(draw() * length));
    const forward = await open();
    const there = new Map<
      number,
      { stand: unknown; hash: string; rings: ReturnType<typeof told> }
    >();
    for (const events of [...places].sort((a, b) => a - b)) {
      const { stand } = await forward.go({ events });
      there.set(events, { stand, hash: await forward.imageHash(), rings: told(forward) });
    }
    forward.close();
    const jumping = await open();
    await jumping.go({ line: lines });
    const found = [];
    for (const events of places) {
      const { stand } = await jumping.go({ events });
      const hash = await jumping.imageHash();
      found.push({ expected: there.get(events), stand, hash, rings: told(jumping) });
    }
    const again = await jumping.go({ line: lines });
    const last = { ...again, hash: await jumping.imageHash(), report: await jumping.finish() };
    jumping.close();
    return { found, end, length, last };
  }, storm);
  expect(seen.length).toBeGreaterThan(20_000);
  for (const { expected, stand, hash, rings } of seen.found) {
    expect({ stand, hash }).toEqual({ stand: expected?.stand, hash: expected?.hash });
    for (const [ring, { inOrder, next, last }] of rings.entries()) {
      expect(inOrder).toBe(true);
      expect(next).toBe(expected?.rings[ring]?.next);
      // What was overwritten later is gone; what is there is what there was.
      if (last !== undefined) expect(last).toEqual(expected?.rings[ring]?.last);
    }
  }
  expect(seen.found.some(({ rings }) => rings.some(({ last }) => last !== undefined))).toBe(true);
  expect(new Set(seen.found.map(({ hash }) => hash)).size).toBeGreaterThan(20);
  expect(seen.last.hash).toBe(seen.end);
  expect(seen.last.stand.events).toBe(seen.length);
  expect(seen.last.report).toMatchObject({ ok: true, failures: [] });
  expect(seen.last.kept.bytes).toBeLessThanOrEqual(192 << 20);
});

test('r4 steps and faults forward are the same places back', async () => {
  const page = await site.open('runner.html');
  const seen = await page.evaluate(async (scenario) => {
    const laboratory = await faultlineRunner.Laboratory.open(JSON.stringify(scenario), () => 0);
    await laboratory.follow(scenario.script);
    const walk = async (
      forward: Parameters<typeof laboratory.go>[0],
      back: Parameters<typeof laboratory.go>[0],
      count: number,
    ) => {
      const there: string[] = [];
      const here = async (stand: unknown) => JSON.stringify([stand, await laboratory.imageHash()]);
      for (let step = 0; step < count; step++) {
        there.push(await here((await laboratory.go(forward)).stand));
      }
      const backAgain: string[] = [there.at(-1) ?? ''];
      for (let step = 1; step < count; step++) {
        backAgain.push(await here((await laboratory.go(back)).stand));
      }
      return { there, backAgain: backAgain.reverse() };
    };
    await laboratory.go({ events: 9000 });
    const steps = await walk({ step: 'forward' }, { step: 'back' }, 25);
    const faults = { kinds: ['fault-begin'], process: 0 };
    const byFault = await walk({ next: faults }, { previous: faults }, 12);
    await laboratory.go({ line: 0 });
    const boot = await laboratory.go({ previous: faults });
    const late = await laboratory.go({ time_ns: 1e6 });
    const early = await laboratory.go({ time_ns: 1000 });
    laboratory.close();
    return { steps, byFault, boot, late, early };
  }, storm);
  expect(seen.steps.there).toEqual(seen.steps.backAgain);
  expect(new Set(seen.steps.there).size).toBe(25);
  expect(seen.byFault.there).toEqual(seen.byFault.backAgain);
  expect(seen.boot).toMatchObject({ reached: false, stand: { events: 0, line: 0 } });
  expect(seen.late.stand.time_ns).toBeLessThanOrEqual(1e6);
  expect(seen.late.stand.time_ns).toBeGreaterThan(0.9e6);
  expect(seen.early.stand.time_ns).toBeLessThanOrEqual(1000);
});

test('r4 a script that is changed in the past runs anew from there', async () => {
  const page = await site.open('runner.html');
  const seen = await page.evaluate(async (scenario) => {
    const changed: typeof scenario.script = [
      ...scenario.script.slice(0, 4),
      { op: 'write', process: 'a', page: 5, value: 77 },
      { op: 'read', process: 'a', page: 5, expect: 77 },
    ];
    const open = (script: typeof scenario.script) =>
      faultlineRunner.Laboratory.open(JSON.stringify({ ...scenario, script }), () => 0);
    const fresh = await open(changed);
    await fresh.follow(changed);
    await fresh.go({ line: changed.length });
    const expected = await fresh.imageHash();
    fresh.close();
    const edited = await open(scenario.script);
    await edited.follow(scenario.script);
    await edited.go({ line: scenario.script.length });
    await edited.follow(changed);
    const journey = await edited.go({ line: changed.length });
    const hash = await edited.imageHash();
    edited.close();
    return { expected, hash, ok: journey.ended.map(({ outcome }) => outcome.ok), journey };
  }, storm);
  expect(seen.hash).toBe(seen.expected);
  expect(seen.ok.every(Boolean)).toBe(true);
  expect(seen.journey.stand.line).toBe(6);
});

test('r4 a machine on threads says that it cannot go back', async () => {
  const page = await site.open('runner.html');
  const travels = await page.evaluate(async () => {
    const laboratory = await faultlineRunner.Laboratory.open(
      JSON.stringify({ faultline: 1, runtime: { kind: 'threads' } }),
      () => 0,
    );
    const { travels } = laboratory;
    laboratory.close();
    return travels;
  });
  expect(travels).toBe(false);
});
