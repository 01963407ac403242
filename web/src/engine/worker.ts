// Runs the engine in a worker, which owns the machine and may wait where the page may not.

import type { Laboratory as Machine } from '../../pkg/faultline_wasm.js';
import type { Problem } from '../generated/types.d.ts';
import { untilBuilt } from './awaited.ts';
import { Copier } from './copies.ts';
import { EventRecorder } from './event-recorder.ts';
import { LineReader } from './executed-lines.ts';
import { Images } from './image.ts';
import type {
  Answer,
  EngineOrder,
  NumberedRequest,
  Opened,
  OpenedSwap,
  Request,
} from './messages.ts';
import {
  type Build,
  type Engine,
  FOLDERS,
  isOnThreads,
  loadEngine,
  withSwapFile,
} from './module.ts';
import { reporting, reportLine } from './panic.ts';
import { createSwapFile } from './swap-file.ts';
import { TimeTravel } from './time-travel.ts';
import { TraceFile } from './trace-file.ts';
import { MachineViews } from './views.ts';

interface Loaded {
  engine: Engine;
  memory: WebAssembly.Memory;
}

/** The engine, from when its build is known. */
let loading: Promise<Loaded> | undefined;

async function load(build: Build): Promise<Loaded> {
  if (import.meta.env.DEV) {
    await untilBuilt(FOLDERS[build], () => tell({ kind: 'awaits', build }));
    tell({ kind: 'awaits', build: undefined });
  }
  const engine = await loadEngine(build);
  const { memory } = await engine.default();
  return { engine, memory };
}

function loaded(): Promise<Loaded> {
  if (loading === undefined) throw new Error('no build of the engine is loaded');
  return loading;
}

let laboratory: Machine | undefined;
/** Of a virtual machine that follows a script. */
let travel: TimeTravel | undefined;
reportLine(() => travel?.line);
/** Hands the page what a machine that follows a script has recorded. */
let recorder: EventRecorder | undefined;
let traceFile: TraceFile | undefined;
/** Whether anything was done with the machine. One that follows a schedule has events at boot already. */
let hasRun = false;

/** What a run takes beside its machine, in bytes, at most as a rule. */
const RESERVE = 8 << 20;
/** For a page that shares no memory. */
let copier: Copier | undefined;
let lastWhole = Number.NEGATIVE_INFINITY;
let later: ReturnType<typeof setTimeout> | undefined;

/** All of the machine is copied at most this often, and once more when nothing is asked for. */
const FRAME_MS = 16;

function sendCopy(whole: boolean): void {
  if (copier === undefined) return;
  const now = performance.now();
  const isWhole = whole || now - lastWhole >= FRAME_MS;
  const copy = copier.copy(isWhole);
  clearTimeout(later);
  if (isWhole) lastWhole = now;
  else later = setTimeout(() => sendCopy(true), FRAME_MS);
  const { runs, words, tableWords } = copy;
  const answer: Answer = { kind: 'copy', copy };
  postMessage(answer, { transfer: [runs.buffer, words.buffer, tableWords.buffer] });
}

function machine(): Machine {
  if (laboratory === undefined) throw new Error('no machine is open');
  return laboratory;
}

function travels(): TimeTravel {
  if (travel === undefined) throw new Error('the machine follows no script');
  return travel;
}

/** Begins time travel, at boot: what is gone back to is kept from there on. */
function beginTravel(memory: WebAssembly.Memory): TimeTravel {
  const laboratory = machine();
  if (laboratory.threads() > 0) throw new Error('a machine on threads cannot go back');
  if (hasRun) throw new Error('a machine that has run follows no script');
  laboratory.reserve(RESERVE);
  const layout = laboratory.layout();
  const views = new MachineViews(memory, layout);
  const lines = new LineReader(views, () => laboratory.processes());
  recorder = new EventRecorder(views, (recorded) => {
    const answer: Answer = { kind: 'recorded', recorded };
    postMessage(answer, { transfer: [recorded.words.buffer] });
  });
  return new TimeTravel(laboratory, new Images(memory, layout.parts.events), lines, { recorder });
}

/** Lets messages come in. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'legal' in error && 'path' in error;
}

interface Built {
  readonly made: Machine;
  readonly swap: OpenedSwap | undefined;
}

/** Builds the machine of a scenario: with its swap on disk, if that is asked for and can be. */
async function build(
  { text, traces, disk }: Request & { kind: 'open' },
  engine: Engine,
): Promise<Built> {
  const inMemory = () => new engine.Laboratory(text, traces);
  if (!disk) return { made: inMemory(), swap: undefined };
  const onThreads = isOnThreads(text) ? withSwapFile(engine) : undefined;
  if (onThreads === undefined) {
    return { made: inMemory(), swap: { refusal: { kind: 'virtual' } } };
  }
  const created = await createSwapFile();
  if ('refusal' in created) return { made: inMemory(), swap: created };
  onThreads.useSwapFile(created.file);
  const made = onThreads.Laboratory.onDisk(text, traces);
  return { made, swap: { name: created.name, traffic: made.swapTraffic() } };
}

async function serve(
  request: Request,
  engine: Engine,
  memory: WebAssembly.Memory,
): Promise<unknown> {
  const { check, compiledModule, runVirtual, traceNames } = engine;
  switch (request.kind) {
    case 'check':
      return check(request.text);
    case 'trace-names':
      return traceNames(request.text);
    case 'run-virtual':
      return runVirtual(request.text);
    case 'open': {
      const { made, swap } = await build(request, engine);
      laboratory = made;
      if (request.observe) laboratory.observe();
      travel = undefined;
      recorder = undefined;
      traceFile = undefined;
      hasRun = false;
      const layout = laboratory.layout();
      // The memory may be shared among workers where the page is isolated, and else not even with it.
      if (request.copies) copier = new Copier(memory, layout);
      const opened: Opened = {
        layout,
        shared: request.copies ? undefined : { memory, module: compiledModule() },
        pointer: laboratory.pointer(),
        threads: laboratory.threads(),
        swap,
      };
      return opened;
    }
    case 'apply':
      if (travel !== undefined) throw new Error('a machine that follows a script goes along it');
      hasRun = true;
      return (traceFile ?? machine()).apply(JSON.stringify(request.op));
    case 'follow':
      travel ??= beginTravel(memory);
      return travel.follow(request.script.map((op) => JSON.stringify(op)));
    case 'go':
      return travels().go(request.target, breathe, request.way);
    case 'stop':
      return travel?.stop();
    case 'image-hash':
      return machine().imageHash();
    case 'processes':
      return machine().processes();
    case 'why': {
      const { subject } = request;
      const process = subject.of === 'page' ? subject.process : undefined;
      return machine().why(subject.of, subject.number, process);
    }
    case 'trace': {
      const capacity = machine().layout().event_capacity;
      const onGrown = (bytes: number) => tell({ kind: 'tracing', bytes });
      traceFile = new TraceFile(machine(), request.title, capacity, onGrown);
      return undefined;
    }
    case 'traced':
      return traceFile?.finish();
    case 'finish':
      // The report lets the machine come to rest, which is no part of the script.
      return travel === undefined
        ? machine().finish()
        : travel.aside(() => machine().finish(), breathe);
    case 'override':
      if (!('overridden' in engine)) throw new Error('only the teaching build knows overrides');
      return engine.overridden(request.text, request.overrides);
    case 'print':
      if (!('printReport' in engine)) throw new Error('only the teaching build prints');
      return engine.printReport(request.report, request.json);
  }
}

const tell = (answer: Answer) => postMessage(answer);

// Set before anything is awaited: a message that comes earlier is lost.
addEventListener('message', ({ data }: MessageEvent<EngineOrder | NumberedRequest>) =>
  reporting(async () => {
    if (data.kind === 'load') {
      loading = load(data.build);
      await loading;
      return;
    }
    const { id, ...request } = data;
    const { engine, memory } = await loaded();
    if (!engine.sharedMemory()) throw new Error('the engine was built without shared memory');
    try {
      const value = await serve(request as Request, engine, memory);
      recorder?.flush();
      // Before the answer: the page reads what was done as soon as it has that.
      sendCopy(request.kind !== 'apply' || request.shown);
      tell({ kind: 'answer', id, value });
    } catch (error) {
      if (!isProblem(error)) throw error;
      const { path, found, legal, message } = error;
      tell({ kind: 'refused', id, problem: { path, found, legal, message } });
    }
  }),
);
