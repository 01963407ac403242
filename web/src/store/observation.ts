// What the machine looks like now: read in each frame from its memory, and told to the panels when it differs.
// Cells are plain arrays that the painters read; what stands in the page as text is signals.

import { batch, computed, signal } from '@preact/signals';
import type { Laboratory, ProcessInfo } from '../engine/client.ts';
import type { MachineViews } from '../engine/views.ts';
import type { ProcessRecord } from '../engine/words.ts';
import { FaultLog } from './fault-log.ts';
import { loop } from './loop.ts';
import {
  isAlive,
  readFrames,
  readPages,
  readResidence,
  readSlots,
  readWord,
  runningOn,
  type Word,
} from './reader.ts';
import { selectedPage, selectedProcess } from './selection.ts';

export interface ProcessRow extends ProcessRecord {
  readonly name: string;
  readonly cpus: readonly number[];
  readonly resident: number;
  readonly swapped: number;
}

/** Text is renewed at most this often while the machine runs: digits that flicker cannot be read. */
const PUBLISH_MS = 90;

const machine = signal<MachineViews | undefined>(undefined);
const counters = signal<Record<string, number>>({});
const rates = signal<Record<string, number>>({});
const frameCounts = signal<readonly number[]>([0, 0, 0, 0, 0, 0, 0, 0]);
const pageCounts = signal<readonly number[]>([0, 0, 0, 0, 0, 0, 0, 0]);
const slotsUsed = signal(0);
const processes = signal<readonly ProcessRow[]>([]);
const faultsSeen = signal(0);
/** Rises whenever anything that was read differs. */
const version = signal(0);
/** The same for what is long and is read at leisure: tables of figures, lists of faults. */
const measured = signal(0);
const MEASURED_MS = 300;
let lastMeasured = Number.NEGATIVE_INFINITY;
let measuring: ReturnType<typeof setTimeout> | undefined;

function tellMeasures(): void {
  const due = lastMeasured + MEASURED_MS - performance.now();
  clearTimeout(measuring);
  if (due > 0) {
    measuring = setTimeout(tellMeasures, due);
    return;
  }
  lastMeasured = performance.now();
  measured.value++;
}

const faults = new FaultLog();
let names: readonly { name: string; index: number }[] = [];
let frameLooks = new Uint8Array(0);
let pageLooks = new Uint8Array(0);
let slotLooks = new Uint8Array(0);
let lastFrames = new Uint8Array(0);
let lastPages = new Uint8Array(0);
let lastAccesses = -1;
let lastPublish = Number.NEGATIVE_INFINITY;
let pending = false;
const frameTally = new Uint32Array(8);
const pageTally = new Uint32Array(8);

const selected = computed(() =>
  processes.value.find((row) => row.name === selectedProcess.value && isAlive(row)),
);

export const observed = {
  machine,
  counters,
  rates,
  frameCounts,
  pageCounts,
  slotsUsed,
  processes,
  faultsSeen,
  version,
  measured,
  selected,
  faults,
  frameLooks: () => frameLooks,
  pageLooks: () => pageLooks,
  slotLooks: () => slotLooks,
  /** Reads and tells at once, whatever the time. */
  readNow(): Record<string, number> {
    sampleMachine();
    publish(performance.now());
    return counters.value;
  },
  /** The machine stands at another place of its run than the one it went on from: its rings are others. */
  goneBack(): void {
    faults.clear();
    lastAccesses = -1;
    pending = true;
  },
  /** The machine has gone on: it is told, whether a cell differs or not. */
  goneOn(): void {
    pending = true;
  },
  countersNow(): Record<string, number> {
    return machine.value?.counters() ?? {};
  },
  pteOf(touched: { process?: string; page?: number }): Word | undefined {
    const views = machine.value;
    const row = names.find(({ name }) => name === touched.process);
    if (views === undefined || row === undefined || touched.page === undefined) return undefined;
    return readWord(views, views.process(row.index), touched.page);
  },
};

/** The word of a page as it was before the last line ran. */
export const wordBefore = signal<
  (Word & { readonly process: string; readonly page: number }) | undefined
>(undefined);

export function rememberWord(touched: { process?: string; page?: number }): void {
  const place =
    touched.page === undefined
      ? { process: selectedProcess.value, page: selectedPage.value }
      : touched;
  const { process, page } = place;
  if (process === undefined || page === undefined) return;
  const word = observed.pteOf({ process, page });
  wordBefore.value = word === undefined ? undefined : { process, page, ...word };
}

/** The playhead has gone elsewhere: no word was before this one. */
export function forgetWord(): void {
  wordBefore.value = undefined;
}

export function observe(laboratory: Laboratory): void {
  const { layout } = laboratory.views;
  frameLooks = new Uint8Array(layout.frames);
  lastFrames = new Uint8Array(layout.frames);
  slotLooks = new Uint8Array(layout.slots);
  machine.value = laboratory.views;
  loop.request();
}

/** There is no machine any more. */
export function forget(): void {
  faults.clear();
  names = [];
  frameLooks = new Uint8Array(0);
  pageLooks = new Uint8Array(0);
  slotLooks = new Uint8Array(0);
  lastAccesses = -1;
  batch(() => {
    machine.value = undefined;
    counters.value = {};
    rates.value = {};
    processes.value = [];
    slotsUsed.value = 0;
    faultsSeen.value = 0;
    wordBefore.value = undefined;
    frameCounts.value = [0, 0, 0, 0, 0, 0, 0, 0];
    pageCounts.value = [0, 0, 0, 0, 0, 0, 0, 0];
    version.value++;
    measured.value++;
  });
  loop.request();
}

/** The names of the processes: the one thing that is not in the arrays. */
export function nameProcesses(told: readonly ProcessInfo[]): void {
  // In the order of their records: about the order in which they came.
  names = told.toSorted((a, b) => a.index - b.index);
  pending = true;
  loop.request();
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

function sampleMachine(): boolean {
  const views = machine.value;
  if (views === undefined || loop.held) return false;
  readFrames(views, frameLooks, frameTally);
  const row = names.find(({ name }) => name === selectedProcess.value);
  const process = row === undefined ? undefined : views.process(row.index);
  const pages = process === undefined || !isAlive(process) ? 0 : process.pages;
  if (pageLooks.length !== pages) {
    pageLooks = new Uint8Array(pages);
    lastPages = new Uint8Array(0);
  }
  if (process !== undefined && pages > 0) readPages(views, process, pageLooks, pageTally);
  else pageTally.fill(0);
  const accesses = views.counters().accesses ?? 0;
  const newFaults = faults.read(views);
  const moved =
    newFaults ||
    accesses !== lastAccesses ||
    !same(frameLooks, lastFrames) ||
    !same(pageLooks, lastPages);
  if (moved) {
    lastAccesses = accesses;
    lastFrames.set(frameLooks);
    lastPages = pageLooks.slice();
    pending = true;
  }
  return moved;
}

function publish(now: number): void {
  const views = machine.value;
  if (views === undefined) return;
  const before = counters.value;
  const seconds = (now - lastPublish) / 1000;
  lastPublish = now;
  pending = false;
  const running = runningOn(views);
  const seen = views.counters();
  const pace: Record<string, number> = {};
  for (const [name, value] of Object.entries(seen)) {
    pace[name] = Math.max(0, value - (before[name] ?? 0)) / seconds;
  }
  const used = readSlots(views, slotLooks);
  batch(() => {
    counters.value = seen;
    rates.value = pace;
    frameCounts.value = [...frameTally];
    pageCounts.value = [...pageTally];
    slotsUsed.value = used;
    faultsSeen.value = seen.faults ?? 0;
    processes.value = names.map(({ name, index }) => {
      const record = views.process(index);
      return {
        ...record,
        name,
        cpus: running.get(index) ?? [],
        ...readResidence(views, record),
      };
    });
    version.value++;
    tellMeasures();
  });
}

/** Daemons on threads work on when everything seems done: a look now and then, which draws nothing by itself. */
const GLANCE_MS = 500;

setInterval(() => {
  if (!document.hidden && sampleMachine()) loop.request();
}, GLANCE_MS);

loop.sample((now) => {
  const moved = sampleMachine();
  if (pending && now - lastPublish >= PUBLISH_MS) publish(now);
  // What is still to be told keeps the loop going until it has been.
  return moved || pending;
});
