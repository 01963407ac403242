// Counts, over runs of the engine itself, that each copy, eviction and read-in is shown as one journey, in however many
// parts the page hears of the run.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import * as engine from '../../../pkg/faultline_wasm.js';
import { MachineViews } from '../../engine/views.ts';
import type { MachineEvent } from '../../engine/words.ts';
import type { Op, Scenario } from '../../generated/types.d.ts';
import type { FlightKind } from './animations.ts';
import { SceneReader } from './scene-reader.ts';

const web = resolve(import.meta.dirname, '../../..');
let memory: WebAssembly.Memory;

beforeAll(async () => {
  const module = await readFile(resolve(web, 'pkg/faultline_wasm_bg.wasm'));
  memory = (await engine.default({ module_or_path: module })).memory;
});

interface Run {
  readonly kinds: readonly string[];
  /** Ring by ring what each place of the run added, place by place. */
  readonly places: readonly MachineEvent[][];
  readonly counted: Readonly<Record<FlightKind, number>>;
}

/** Runs a scenario from place to place. */
function runOf(scenario: Scenario & { script: Op[] }): Run {
  const machine = new engine.Laboratory(JSON.stringify(scenario), {});
  const views = new MachineViews(memory, machine.layout());
  const { event_kinds: kinds, parts } = views.layout;
  const rings = parts.events.count;
  const seen = Array.from({ length: rings }, (_, ring) => views.eventHead(ring));
  const places: MachineEvent[][] = [];
  for (const [index, op] of scenario.script.entries()) {
    machine.begin(JSON.stringify(op), index);
    for (;;) {
      const outcome = machine.advance({ events: machine.place().events + 1 });
      places.push(
        seen.flatMap((since, ring) => {
          const { events, next, lost } = views.events(ring, since);
          expect(lost).toBe(0);
          seen[ring] = next;
          return events;
        }),
      );
      if (outcome === undefined) continue;
      expect(outcome, JSON.stringify(op)).toMatchObject({ ok: true });
      break;
    }
  }
  const { copies = 0, swap_writes = 0, swap_reads = 0 } = views.counters();
  machine.free();
  return { kinds, places, counted: { copy: copies, eviction: swap_writes, 'read-in': swap_reads } };
}

/** The journeys that are shown of a run that is told in parts, each of so many places. */
function shown({ kinds, places }: Run, parts: readonly number[]): Record<FlightKind, number> {
  const reader = new SceneReader(kinds);
  const counts = { copy: 0, eviction: 0, 'read-in': 0 };
  for (let at = 0, part = 0; at < places.length; part++) {
    const size = parts[part % parts.length] ?? 1;
    for (const { flight } of reader.scenes(places.slice(at, at + size).flat())) {
      if (flight !== undefined) counts[flight.kind]++;
    }
    at += size;
  }
  return counts;
}

async function shipped(name: string): Promise<Scenario & { script: Op[] }> {
  return JSON.parse(await readFile(resolve(web, `../scenarios/${name}.json`), 'utf8'));
}

/** Three generations that share pages, in a memory that is too small for them: what is shared is read back and copied. */
const crowded: Scenario & { script: Op[] } = {
  faultline: 1,
  machine: { frames: 20, slots: 96, cpus: 3 },
  runtime: { kind: 'virtual', seed: 5 },
  script: [
    { op: 'spawn', as: 'a', pages: 24 },
    { op: 'run', process: 'a', pattern: 'sequential', accesses: 48, writes: 1 },
    { op: 'fork', process: 'a', as: 'b' },
    { op: 'fork', process: 'b', as: 'c' },
    {
      op: 'together',
      scripts: [
        [{ op: 'run', process: 'a', pattern: 'uniform', accesses: 300, writes: 0.4, seed: 1 }],
        [{ op: 'run', process: 'b', pattern: 'uniform', accesses: 300, writes: 0.6, seed: 2 }],
        [{ op: 'run', process: 'c', pattern: 'uniform', accesses: 300, writes: 0.2, seed: 3 }],
      ],
    },
  ],
};

test('w3 each copy, eviction and read-in of a run is one journey, in parts of every size', async () => {
  for (const scenario of [
    await shipped('first-visit'),
    await shipped('fork-write'),
    await shipped('fork-storm'),
    crowded,
  ]) {
    const run = runOf(scenario);
    expect(run.counted.copy).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (parts) => {
        expect(shown(run, parts)).toEqual(run.counted);
      }),
      { numRuns: 30, examples: [[[1]], [[run.places.length]]] },
    );
  }
  const { counted } = runOf(crowded);
  expect(counted.eviction).toBeGreaterThan(0);
  expect(counted['read-in']).toBeGreaterThan(0);
});

test('w3 so it is for a visitor who steps from event to event, and for one who came there by a leap', () => {
  const run = runOf(crowded);
  const counts = { copy: 0, eviction: 0, 'read-in': 0 };
  for (let at = 0; at < run.places.length; at++) {
    const reader = new SceneReader(run.kinds);
    reader.scenes(run.places.slice(Math.max(0, at - 200), at).flat());
    for (const { flight } of reader.scenes(run.places[at] ?? [])) {
      if (flight !== undefined) counts[flight.kind]++;
    }
  }
  expect(counts).toEqual(run.counted);
});
