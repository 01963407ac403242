// Runs the engine, and compares the table of references with textbooks and with the engine itself.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import * as engine from '../../../pkg/faultline_wasm.js';
import { SyntheticMachine } from '../../../testing/synthetic-machine.ts';
import { MachineViews } from '../../engine/views.ts';
import { JOB_KINDS, NUMBER_SHIFT, PTE_VALID } from '../../generated/machine.ts';
import type { Op, Policy, Scenario } from '../../generated/types.d.ts';
import { placesOf } from './grid-reader.ts';
import { ReferenceLog } from './reference-log.ts';
import { type Matrix, MOST_COLUMNS, matrixOf, matrixText } from './reference-matrix.ts';
import { queueOf } from './replacement-queue.ts';

const web = resolve(import.meta.dirname, '../../..');
let memory: WebAssembly.Memory;

beforeAll(async () => {
  const module = await readFile(resolve(web, 'pkg/faultline_wasm_bg.wasm'));
  memory = (await engine.default({ module_or_path: module })).memory;
});

type Run = Scenario & { script: Op[] };

/** Runs a scenario, and calls `look` after each place of the run, and with the op after each line. */
function running(
  scenario: Run,
  look: (views: MachineViews, line: number, ended: boolean) => void,
): void {
  const machine = new engine.Laboratory(JSON.stringify(scenario), {});
  const views = new MachineViews(memory, machine.layout());
  for (const [index, op] of scenario.script.entries()) {
    machine.begin(JSON.stringify(op), index);
    for (;;) {
      const outcome = machine.advance({ events: machine.place().events + 1 });
      look(views, index, outcome !== undefined);
      if (outcome === undefined) continue;
      expect(outcome, JSON.stringify(op)).toMatchObject({ ok: true });
      break;
    }
  }
  machine.free();
}

const words = {
  title: 'A table',
  page: 'page',
  fault: 'fault',
  out: 'out',
  mark: 'F',
  frame: (frame: number) => `f${frame}`,
};

/** The table of a process at the end of a run. */
function matrixAtEnd(scenario: Run, process: number): Matrix {
  const log = new ReferenceLog();
  let matrix: Matrix | undefined;
  running(scenario, (views, line, ended) => {
    log.read(views);
    if (ended && line === scenario.script.length - 1) {
      matrix = matrixOf(log.entries, process, placesOf(views, views.process(process)));
    }
  });
  if (matrix === undefined) throw new Error('the run has no line');
  return matrix;
}

async function belady(frames: number): Promise<Run> {
  const text = await readFile(resolve(web, '../scenarios/gallery/belady.json'), 'utf8');
  const { script, ...rest } = JSON.parse(text) as Run;
  const accesses = script.filter(({ op }) => op !== 'expect');
  return { ...rest, script: accesses, machine: { ...rest.machine, frames } };
}

const faultsOf = ({ columns }: Matrix) =>
  columns.map(({ reference }) => (reference.fault === undefined ? '.' : 'F')).join('');
/** What is in memory after each reference, as sets. */
const heldOf = ({ columns }: Matrix) =>
  columns.map(({ cells }) =>
    cells
      .flatMap((cell) => cell?.page ?? [])
      .sort((a, b) => a - b)
      .join(''),
  );

test('s6 the table of references is the textbook’s of Belady’s string, in three frames and in four', async () => {
  const three = matrixAtEnd(await belady(8), 1);
  expect(three.columns.map(({ reference }) => reference.page)).toEqual([
    1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5,
  ]);
  expect(faultsOf(three)).toBe('FFFFFFF..FF.');
  expect(heldOf(three).join(' ')).toBe('1 12 123 234 134 124 125 125 125 235 345 345');
  expect(three.columns.map(({ out }) => out.join()).join(' ')).toBe('   1 2 3 4   1 2 ');
  expect(three.frames).toHaveLength(3);
  const four = matrixAtEnd(await belady(9), 1);
  expect(faultsOf(four)).toBe('FFFF..FFFFFF');
  expect(heldOf(four).at(-1)).toBe('2345');
});

test('s6 the table of references is saved as text with all its columns', async () => {
  const matrix = matrixAtEnd(await belady(8), 1);
  const lines = matrixText(matrix, words).trimEnd().split('\n');
  expect(lines).toHaveLength(2 + 1 + 3 + 2);
  expect(lines[2]).toBe('page   1  2  3  4  1  2  5  1  2  3  4  5');
  expect(lines[6]).toBe('fault  F  F  F  F  F  F  F        F  F');
});

test('s6 the table of references ends at the moment that is asked for, and keeps so many columns', async () => {
  const run = await belady(8);
  const log = new ReferenceLog();
  const heldThen: string[] = [];
  let end: Matrix | undefined;
  let atSix: Matrix | undefined;
  let place = log.entries.at(-1);
  running(run, (views, line, ended) => {
    log.read(views);
    if (!ended) return;
    const places = () => placesOf(views, views.process(1));
    if (line > 1) heldThen.push([...places().keys()].sort().join(''));
    if (line === 7) place = log.entries.at(-1);
    if (line !== run.script.length - 1) return;
    end = matrixOf(log.entries, 1, places());
    atSix = matrixOf(log.entries, 1, places(), place);
  });
  expect(heldOf(end as Matrix)).toEqual(heldThen);
  expect(heldOf(atSix as Matrix)).toEqual(heldThen.slice(0, 6));
  const long: Run = {
    ...run,
    script: [
      ...run.script.slice(0, 2),
      ...Array.from(
        { length: 250 },
        (_, at): Op => ({ op: 'read', process: 'init', page: at % 3 }),
      ),
    ],
  };
  const matrix = matrixAtEnd(long, 1);
  expect(matrix.columns).toHaveLength(MOST_COLUMNS);
  expect(matrix.columnsBefore).toBe(50);
});

test('s6 a run that is put back has the columns from before its place', () => {
  const machine = new SyntheticMachine({ capacity: 64 });
  machine.process(0, { state: 2, directory: 1, pages: 8 });
  const log = new ReferenceLog();
  const access = (page: number, time: number) => {
    machine.event(0, 'job-begin', 0, page, JOB_KINDS.indexOf('read'), time);
    machine.event(0, 'pte', 0, page, 0, time + 1, (page << NUMBER_SHIFT) | PTE_VALID);
    machine.event(0, 'job-end', 0, page, JOB_KINDS.indexOf('read'), time + 2);
  };
  const pages = () =>
    log.entries.flatMap((entry) => (entry.kind === 'reference' ? entry.page : []));
  access(1, 100);
  access(2, 200);
  access(3, 300);
  log.read(machine.views());
  expect(pages()).toEqual([1, 2, 3]);
  machine.rewind(0, 6, 6);
  log.goTo(250, machine.views());
  log.read(machine.views());
  expect(pages()).toEqual([1, 2]);
  access(4, 300);
  log.read(machine.views());
  expect(pages()).toEqual([1, 2, 4]);
  // From a moment on the run is another, which goes on before anybody looks.
  log.goTo(303);
  access(6, 400);
  log.read(machine.views());
  expect(pages()).toEqual([1, 2, 4, 6]);
  // What a ring has lost nobody knows: then the table begins after it.
  for (let turn = 0; turn < 30; turn++) access(5, 500 + turn * 10);
  log.read(machine.views());
  expect(new Set(pages())).toEqual(new Set([5]));
  const matrix = matrixOf(log.entries, 0, new Map([[5, { frame: 5, isTrimmed: false }]]));
  expect(matrix.frames).toEqual([5]);
});

test('s6 a page that is copied for its writer is not told as evicted', async () => {
  const text = await readFile(resolve(web, '../scenarios/gallery/who-copies.json'), 'utf8');
  const run = JSON.parse(text) as Run;
  for (const process of [0, 1]) {
    const { columns } = matrixAtEnd(run, process);
    expect(columns.length).toBeGreaterThan(0);
    expect(columns.flatMap(({ out }) => out)).toEqual([]);
  }
});

/** References that are told apart by every policy: some pages are used often, some are written. */
function crowd(policy: Policy): Run {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * below);
  };
  const accesses = Array.from({ length: 160 }, (): Op => {
    const page = random(3) > 0 ? random(4) : random(14);
    return random(3) === 0
      ? { op: 'write', process: 'init', page, value: 1 + random(9) }
      : { op: 'read', process: 'init', page };
  });
  return {
    faultline: 1,
    machine: {
      ...{ frames: 13, slots: 64, cpus: 1, eviction: 'synchronous', zeroer: false, policy },
      ...(policy === 'wsclock' && { working_set_window: 12 }),
      ...((policy === 'aging' || policy === 'nru') && { clock_tick: { every: 1_000_000 } }),
      reads: 'allocate',
    },
    runtime: { kind: 'virtual', seed: 1 },
    script: [{ op: 'spawn', as: 'init', pages: 16 }, ...accesses],
  };
}

for (const policy of [
  ...(['fifo', 'clock', 'clock-dirty', 'sieve', 'lru', 'aging', 'nru', 'wsclock'] as const),
] satisfies Policy[]) {
  test(`s6 the victim that is told is the one that the engine evicts under ${policy}`, () => {
    const scenario = crowd(policy);
    const log = new ReferenceLog();
    let next: ReadonlySet<number> | undefined;
    let told = 0;
    let seen = 0;
    running(scenario, (views, _line, ended) => {
      if (!ended) return;
      log.read(views);
      const fresh = log.entries.slice(seen);
      seen = log.entries.length;
      const left = fresh.flatMap((entry) =>
        entry.kind === 'move' &&
        entry.from &&
        !entry.from.isTrimmed &&
        (!entry.to || entry.to.isTrimmed)
          ? [entry.from.frame]
          : [],
      );
      if (left[0] !== undefined) {
        told++;
        expect([...(next ?? [])], `${told}. eviction`).toContain(left[0]);
        if (policy !== 'nru') expect(next?.size).toBe(1);
      }
      next = queueOf(views, policy, scenario.machine?.working_set_window)?.next;
    });
    expect(told).toBeGreaterThan(12);
  });
}
