// Observes the machine: reads its memory in each frame, and publishes to the panels what differs. Cells are plain
// arrays that the painters read; what stands in the page as text is signals.

import { batch, computed, type Signal, signal } from '@preact/signals';
import type { MachineViews } from '../../engine/views.ts';
import type { ProcessRecord } from '../../engine/words.ts';
import type { ProcessInfo } from '../../generated/types.d.ts';
import { loop } from '../page/loop.ts';
import { selectedPage, selectedProcess } from '../page/selection.ts';
import { isOpen } from '../page/shown-panels.ts';
import { FaultLog } from './fault-log.ts';
import {
  isAlive,
  markAccessed,
  type Residence,
  readFrames,
  readPages,
  readResidence,
  readSlots,
  readWord,
  runningOn,
  type Word,
} from './grid-reader.ts';
import { ReferenceLog, type Stamp } from './reference-log.ts';
import { type Queue, queueNow } from './replacement-queue.ts';
import { Updates } from './updates.ts';

export interface ProcessRow extends ProcessRecord {
  readonly name: string;
  readonly cpus: readonly number[];
}

/** Figures of the machine at one place of its run: the counters, and how much of each process is where. */
export interface Figures {
  readonly counters: Readonly<Record<string, number>>;
  readonly residence: ReadonlyMap<number, Residence>;
  readonly replacement?: Replacement | undefined;
}

/** What is told of the replacement of pages: the policy's queue, and up to which moment references are. */
export interface Replacement {
  readonly queue: Queue | undefined;
  readonly until: Stamp | undefined;
}

/** How often text is renewed while the machine runs, and how often what is long and is read at leisure. */
const TEXT_MS = 120;
const LEISURE_MS = 400;

const machine = signal<MachineViews | undefined>(undefined);
const counters = signal<Record<string, number>>({});
const rates = signal<Record<string, number>>({});
const frameCounts = signal<readonly number[]>([0, 0, 0, 0, 0, 0, 0, 0]);
const pageCounts = signal<readonly number[]>([0, 0, 0, 0, 0, 0, 0, 0]);
const slotsUsed = signal(0);
/** The processes. They differ seldom, and much of the page asks for them. */
const processes = signal<readonly ProcessRow[]>([]);
/** How much of each is where, by index. */
const residence = signal<ReadonlyMap<number, Residence>>(new Map());
const faultsSeen = signal(0);
/** Rises whenever anything that was read differs. */
const version = signal(0);
/** The same for what is drawn along time: the tape and the meters. */
const lanes = signal(0);
/** The same for what is long and is read at leisure, each by itself. */
const atLeisure = { faults: signal(0), timing: signal(0), locks: signal(0) };

const faults = new FaultLog();
const references = new ReferenceLog();
let names: readonly { name: string; index: number }[] = [];
let frameLooks = new Uint8Array(0);
let pageLooks = new Uint8Array(0);
let slotLooks = new Uint8Array(0);
let lastFrames = new Uint8Array(0);
let lastPages = new Uint8Array(0);
let lastAccesses = -1;
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
  residence,
  faultsSeen,
  version,
  lanes,
  atLeisure,
  selected,
  faults,
  references,
  frameLooks: () => frameLooks,
  pageLooks: () => pageLooks,
  slotLooks: () => slotLooks,
  /** Reads and tells at once, whatever the time. */
  readNow(): Record<string, number> {
    sampleMachine();
    if (machine.value !== undefined && !loop.held) references.read(machine.value);
    batch(() => updates.now(performance.now()));
    loop.request();
    return counters.value;
  },
  /** The machine stands at another place of its run than the one it went on from: its rings are others. */
  goneBack(time_ns: number): void {
    faults.goTo(time_ns);
    references.goTo(time_ns, machine.value);
    lastAccesses = -1;
    updates.note();
  },
  /** From this time on the run is another than it was. */
  rewritten(time_ns: number): void {
    faults.goTo(time_ns);
    references.goTo(time_ns);
    updates.note();
  },
  /** The machine has gone on: it is told, whether a cell differs or not. */
  goneOn(): void {
    updates.note();
  },
  /** What is told in figures, read now. */
  figuresNow(): Figures {
    const views = machine.value;
    if (views === undefined) return { counters: {}, residence: new Map() };
    references.read(views);
    const rows = processes.value.map(({ index }) => views.process(index));
    return {
      counters: views.counters(),
      residence: new Map(rows.map((row) => [row.index, readResidence(views, row)])),
      replacement: observed.replacementNow(),
    };
  },
  /** What is told of the replacement of pages, read now; nothing while no panel tells it. */
  replacementNow(): Replacement | undefined {
    const views = machine.value;
    if (views === undefined || !isOpen('replacement')) return undefined;
    return { queue: queueNow(views), until: references.entries.at(-1) };
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

/** Reads this machine from now on. */
export function observe(views: MachineViews): void {
  const { layout } = views;
  frameLooks = new Uint8Array(layout.frames);
  lastFrames = new Uint8Array(layout.frames);
  slotLooks = new Uint8Array(layout.slots);
  pageTally.fill(0);
  readFrames(views, frameLooks, frameTally);
  batch(() => {
    machine.value = views;
    // The first picture of it is a true one already.
    tellGrids();
  });
  loop.request();
}

/** There is no machine any more. */
export function forget(): void {
  faults.clear();
  references.clear();
  names = [];
  frameLooks = new Uint8Array(0);
  pageLooks = new Uint8Array(0);
  slotLooks = new Uint8Array(0);
  lastAccesses = -1;
  updates.forget();
  batch(() => {
    machine.value = undefined;
    counters.value = {};
    rates.value = {};
    processes.value = [];
    residence.value = new Map();
    slotsUsed.value = 0;
    faultsSeen.value = 0;
    wordBefore.value = undefined;
    frameCounts.value = [0, 0, 0, 0, 0, 0, 0, 0];
    pageCounts.value = [0, 0, 0, 0, 0, 0, 0, 0];
    version.value++;
    lanes.value++;
    for (const part of Object.values(atLeisure)) part.value++;
  });
  loop.request();
}

/** The names of the processes: the one thing that is not in the arrays. */
export function nameProcesses(told: readonly ProcessInfo[]): void {
  // In the order of their records: about the order in which they came.
  const before = names;
  names = told.toSorted((a, b) => a.index - b.index);
  // A process that has come or gone is known at once: the selection may be about to go there.
  if (JSON.stringify(names) !== JSON.stringify(before)) tellProcesses();
  updates.note();
  loop.request();
}

/** Of two of one length. */
function same(a: Uint8Array, b: Uint8Array): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** Of more frames each is too small for the mark of an accessed page. */
const MOST_MARKED = 4096;

function sampleMachine(): boolean {
  const views = machine.value;
  if (views === undefined || loop.held) return false;
  readFrames(views, frameLooks, frameTally);
  if (frameLooks.length <= MOST_MARKED) {
    markAccessed(
      views,
      names.map(({ index }) => views.process(index)),
      frameLooks,
    );
  }
  const row = names.find(({ name }) => name === selectedProcess.value);
  const process = row === undefined ? undefined : views.process(row.index);
  const pages = process === undefined || !isAlive(process) ? 0 : process.pages;
  let isOther = false;
  if (pageLooks.length !== pages) {
    pageLooks = new Uint8Array(pages);
    lastPages = new Uint8Array(pages);
    isOther = true;
  }
  if (process !== undefined && pages > 0) readPages(views, process, pageLooks, pageTally);
  else pageTally.fill(0);
  const accesses = views.counterSum('accesses');
  const newFaults = faults.read(views);
  if (isOpen('replacement')) references.read(views);
  const moved =
    isOther ||
    newFaults ||
    accesses !== lastAccesses ||
    !same(frameLooks, lastFrames) ||
    !same(pageLooks, lastPages);
  if (moved) {
    lastAccesses = accesses;
    lastFrames.set(frameLooks);
    lastPages.set(pageLooks);
    updates.note();
  }
  return moved;
}

function tellProcesses(): void {
  const views = machine.value;
  if (views === undefined) return;
  const running = runningOn(views);
  const rows = names.map(({ name, index }) => {
    return { ...views.process(index), name, cpus: running.get(index) ?? [] };
  });
  if (JSON.stringify(rows) !== JSON.stringify(processes.peek())) processes.value = rows;
  residence.value = new Map(rows.map((row) => [row.index, readResidence(views, row)]));
}

function tellGrids(): void {
  const views = machine.value;
  if (views === undefined) return;
  frameCounts.value = [...frameTally];
  pageCounts.value = [...pageTally];
  slotsUsed.value = readSlots(views, slotLooks);
  version.value++;
}

function tellCounters(seconds: number): void {
  const views = machine.value;
  if (views === undefined) return;
  const before = counters.value;
  const seen = views.counters();
  const pace: Record<string, number> = {};
  for (const [name, value] of Object.entries(seen)) {
    pace[name] = Math.max(0, value - (before[name] ?? 0)) / seconds;
  }
  counters.value = seen;
  rates.value = pace;
  faultsSeen.value = seen.faults ?? 0;
}

function raise(part: Signal<number>): void {
  part.value++;
}

const updates = new Updates([
  { every: TEXT_MS, prompt: true, tell: tellProcesses },
  { every: TEXT_MS, prompt: true, tell: tellGrids },
  { every: TEXT_MS, prompt: true, tell: tellCounters },
  { every: TEXT_MS, prompt: true, tell: () => raise(lanes) },
  ...Object.values(atLeisure).map((part) => ({
    every: LEISURE_MS,
    prompt: false,
    tell: () => raise(part),
  })),
]);

/** Daemons on threads work on when everything seems done: a look now and then, which draws nothing by itself. */
const GLANCE_MS = 500;

/** Reads the machine in each frame from now on, and glances at it between frames; called once. */
export function watchMachine(): void {
  setInterval(() => {
    if (!document.hidden && sampleMachine()) loop.request();
  }, GLANCE_MS);
  loop.sample((now) => {
    const moved = sampleMachine();
    batch(() => updates.next(now));
    // What is still to be told keeps the loop going until it has been.
    return moved || updates.pending;
  });
}
