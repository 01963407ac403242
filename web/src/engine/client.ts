// Opens the engine for the page: a laboratory in workers, whose memory the page reads in place, or gets copies of where
// memory cannot be shared.

import type { VirtualRun } from '../../pkg/faultline_wasm.js';
import type { Overrides } from '../../pkg-bugs/faultline_teaching.js';
import type {
  Layout,
  Line,
  Op,
  OpOutcome,
  Problem,
  ProcessInfo,
  Report,
} from '../generated/types.d.ts';
import { noteAwaited } from './awaited-modules.ts';
import { CopiedViews, type Copy } from './copies.ts';
import threadAddress from './cpu-thread.ts?worker&url';
import type { Recorded } from './event-recorder.ts';
import type {
  Answer,
  EngineOrder,
  HistorySubject,
  NumberedRequest,
  Opened,
  OpenedSwap,
  Panic,
  Request,
  ThreadOrder,
  ThreadReport,
  Traces,
} from './messages.ts';
import { type Build, buildToRun, buildToRunVirtually } from './module.ts';
import { canShare } from './sharing.ts';
import { removeSwapFile, type SwapRefusal } from './swap-file.ts';
import type { Journey, Target, Way } from './time-travel.ts';
import { trustedAddress } from './trusted.ts';
import { MachineViews } from './views.ts';
import workerAddress from './worker.ts?worker&url';

export type {
  Layout,
  Op,
  OpOutcome,
  Problem,
  ProcessInfo,
  Report,
} from '../generated/types.d.ts';
export type { Traces } from './messages.ts';
export type { Ended, Journey, Sought, Stand, Target, Way } from './time-travel.ts';

/** The worker that broke, by name, and what it said. The machine is lost; another can be opened. */
export interface Failure {
  worker: string;
  message: string;
  /** The line of the script that was under way, if the machine followed it. */
  line?: number | undefined;
}

/** The name of the CPU or daemon that a row of the machine belongs to. */
function nameOfRow(row: number, { cpus, daemon_names }: Layout): string {
  return row < cpus ? `cpu ${row}` : (daemon_names[row - cpus] ?? 'engine');
}

/** A scenario that was refused. */
export class ScenarioProblem extends Error implements Problem {
  readonly path: string;
  readonly found: string;
  readonly legal: string;

  constructor({ path, found, legal, message }: Problem) {
    super(message);
    this.name = 'ScenarioProblem';
    this.path = path;
    this.found = found;
    this.legal = legal;
  }
}

/** What a laboratory has besides its machine. */
interface Equipment {
  /** The texts of the reference traces that its scenario replays, by name. */
  traces?: Traces;
  /** Whether events are recorded on threads, where that costs time; virtual runs always do. */
  observe?: boolean;
  /** Hears that a copy of the machine has come, where its memory cannot be shared. */
  onCopy?: () => void;
  /** Hears what a run that follows a script has recorded. */
  onRecorded?: (recorded: Recorded) => void;
  /** Hears how many bytes a timeline has that is being written. */
  onTracing?: (bytes: number) => void;
  /** Whether its swap is asked to be on the browser's disk. */
  disk?: boolean;
}

/** What has gone to a swap file: bytes, and transfers that failed. */
export interface SwapTraffic {
  readonly written: number;
  readonly read: number;
  readonly failed: number;
}

/** Where the swap of a machine is that was asked to be on disk: there, or in memory because of something. */
type SwapPlace = { readonly traffic: () => SwapTraffic } | { readonly refusal: SwapRefusal };

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** What engine workers are called in failures and debuggers. */
const NAMES: Readonly<Record<Build, string>> = {
  virtual: 'engine',
  threads: 'threads engine',
  teaching: 'teaching engine',
};

/** Hears what a worker says without being asked. */
interface Listener {
  readonly onFailure: (failure: Failure) => void;
  readonly onCopy?: ((copy: Copy) => void) | undefined;
  readonly onRecorded?: ((recorded: Recorded) => void) | undefined;
  readonly onTracing?: ((bytes: number) => void) | undefined;
}

/** A worker that answers numbered requests, until it breaks or is ended. */
class EngineWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #requests = 0;
  #end: Error | undefined;
  #listener: Listener;
  /** What its machine has. */
  #layout: Layout | undefined;

  constructor(build: Build, listener: Listener) {
    this.#listener = listener;
    this.#worker = new Worker(trustedAddress(workerAddress), {
      type: 'module',
      name: NAMES[build],
    });
    const order: EngineOrder = { kind: 'load', build };
    this.#worker.postMessage(order);
    const fail = (message: string, { task, line }: Partial<Panic> = {}) => {
      const layout = this.#layout;
      const isKnown = task !== undefined && layout !== undefined;
      const worker = isKnown ? nameOfRow(task, layout) : 'engine';
      if (this.#end === undefined) this.#listener.onFailure({ worker, message, line });
      this.end(new Error(message));
    };
    this.#worker.onerror = (event) => fail(event.message || 'the engine worker did not start');
    this.#worker.onmessage = ({ data: answer }: MessageEvent<Answer>) => {
      if (answer.kind === 'panic') return fail(answer.message, answer);
      if (answer.kind === 'copy') return this.#listener.onCopy?.(answer.copy);
      if (answer.kind === 'recorded') return this.#listener.onRecorded?.(answer.recorded);
      if (answer.kind === 'tracing') return this.#listener.onTracing?.(answer.bytes);
      if (answer.kind === 'awaits') return noteAwaited(this, answer.build);
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (answer.kind === 'answer') waiting?.resolve(answer.value);
      else waiting?.reject(new ScenarioProblem(answer.problem));
    };
  }

  /** Hands what comes unasked to another listener from now on. */
  listen(listener: Listener): void {
    this.#listener = listener;
  }

  /** Opens a machine, whose CPUs failures are named by. */
  async open(request: Request & { kind: 'open' }): Promise<Opened> {
    const opened = await this.ask<Opened>(request);
    this.#layout = opened.layout;
    return opened;
  }

  ask<Result>(request: Request): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) return reject(this.#end);
      const id = this.#requests++;
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      const numbered: NumberedRequest = { ...request, id };
      this.#worker.postMessage(numbered);
    });
  }

  /** Whether everybody who asked has an answer. */
  get isIdle(): boolean {
    return this.#waiting.size === 0;
  }

  /** Ends the worker and rejects pending requests with the reason. */
  end(reason: Error): void {
    this.#end ??= reason;
    this.#worker.terminate();
    if (import.meta.env.DEV) noteAwaited(this, undefined);
    for (const { reject } of this.#waiting.values()) reject(this.#end);
    this.#waiting.clear();
  }
}

/** Where swap is, as the page reads it in the machine's memory. */
function placeOf(swap: OpenedSwap | undefined, memory: WebAssembly.Memory): SwapPlace | undefined {
  if (swap === undefined || 'refusal' in swap) return swap;
  return {
    traffic: () => {
      const words = new BigUint64Array(memory.buffer, swap.traffic, 3);
      const [written = 0, read = 0, failed = 0] = Array.from(words, Number);
      return { written, read, failed };
    },
  };
}

/** Starts the worker of one thread, and resolves when it is ready to enter the machine. */
function startThread(
  opened: Opened & { shared: object },
  build: Build,
  index: number,
  onFailure: (failure: Failure) => void,
): { worker: Worker; ready: Promise<void> } {
  const name = nameOfRow(index, opened.layout);
  const worker = new Worker(trustedAddress(threadAddress), { type: 'module', name });
  const ready = new Promise<void>((resolve, reject) => {
    const fail = (message: string) => {
      onFailure({ worker: name, message });
      reject(new Error(`${name}: ${message}`));
    };
    worker.onerror = (event) => fail(event.message || 'the worker did not start');
    worker.onmessage = ({ data: report }: MessageEvent<ThreadReport>) => {
      if (report.kind === 'panic') fail(report.message);
      else if (report.kind === 'ready') resolve();
    };
  });
  const { shared, pointer, swap } = opened;
  const swapFile = swap !== undefined && 'name' in swap ? swap.name : undefined;
  const order: ThreadOrder = { kind: 'become', build, ...shared, pointer, index, swapFile };
  worker.postMessage(order);
  return { worker, ready };
}

/** One machine, from its scenario to its report. */
export class Laboratory {
  /** The machine as it stands: in place, or as the last copy told it. */
  readonly views: MachineViews;
  /** Where its swap is, if it was asked to be on disk. */
  readonly swap: SwapPlace | undefined;
  readonly #end: (reason: Error) => void;
  readonly #engine: EngineWorker;
  readonly #threads: Worker[];

  private constructor(
    engine: EngineWorker,
    views: MachineViews,
    threads: Worker[],
    end: (reason: Error) => void,
    swap: SwapPlace | undefined,
  ) {
    this.views = views;
    this.swap = swap;
    this.#end = end;
    this.#engine = engine;
    this.#threads = threads;
  }

  /**
   * Builds the machine of a scenario and starts its threads. Throws `ScenarioProblem` if the
   * scenario is refused. `onFailure` hears of the first worker that breaks, ever after: whatever
   * was being waited for rejects, and the laboratory can only be closed.
   */
  static async open(
    text: string,
    onFailure: (failure: Failure) => void,
    { traces = {}, observe = true, disk = false, onCopy, onRecorded, onTracing }: Equipment = {},
  ): Promise<Laboratory> {
    const threads: Worker[] = [];
    let broken = false;
    const fail = (failure: Failure) => {
      if (broken) return;
      broken = true;
      // The others may wait for ever on a lock that the broken one held.
      end(new Error(`${failure.worker}: ${failure.message}`));
      onFailure(failure);
    };
    const build = buildToRun(text);
    let views: CopiedViews | undefined;
    const early: Copy[] = [];
    const take = (copy: Copy) => {
      if (views === undefined) {
        early.push(copy);
        return;
      }
      views.take(copy);
      onCopy?.();
    };
    const engine = engineFor(build, { onFailure: fail, onCopy: take, onRecorded, onTracing });
    let swapFile: string | undefined;
    const end = (reason: Error) => {
      engine.end(reason);
      for (const worker of threads) worker.terminate();
      if (swapFile !== undefined) removeSwapFile(swapFile);
      swapFile = undefined;
    };
    try {
      const copies = !canShare;
      const opened = await engine.open({ kind: 'open', text, traces, observe, copies, disk });
      const { shared, layout, swap } = opened;
      if (swap !== undefined && 'name' in swap) swapFile = swap.name;
      if (shared === undefined) {
        if (opened.threads > 0)
          throw new Error('threads need shared memory, which this page has not');
        views = new CopiedViews(layout);
        early.forEach(take);
        // Without threads none is on disk.
        const refused = swap !== undefined && 'refusal' in swap ? swap : undefined;
        return new Laboratory(engine, views, [], end, refused);
      }
      const started = Array.from({ length: opened.threads }, (_, index) =>
        startThread({ ...opened, shared }, build, index, fail),
      );
      threads.push(...started.map(({ worker }) => worker));
      await Promise.all(started.map(({ ready }) => ready));
      const enter: ThreadOrder = { kind: 'enter' };
      for (const worker of threads) worker.postMessage(enter);
      const place = placeOf(swap, shared.memory);
      return new Laboratory(engine, new MachineViews(shared.memory, layout), threads, end, place);
    } catch (error) {
      broken = true;
      end(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  /** Does one op of a script, and resolves when it is done; if it is `shown`, everything can be read then. */
  apply(op: Op, shown = true): Promise<OpOutcome> {
    return this.#engine.ask({ kind: 'apply', op, shown });
  }

  /** Whether it is virtual, and can go to any place of its run. */
  get travels(): boolean {
    return this.#threads.length === 0;
  }

  /**
   * Gives a virtual machine a script to go along, from boot on, instead of `apply`; or another one, which it
   * goes along from where the two differ.
   */
  follow(script: Op[]): Promise<void> {
    return this.#engine.ask({ kind: 'follow', script });
  }

  /** Goes to a place of the run of the script. One journey at a time. */
  go(target: Target, way: Way = {}): Promise<Journey> {
    return this.#engine.ask({ kind: 'go', target, way });
  }

  /** Ends the journey under way, wherever it is by then. */
  stop(): Promise<void> {
    return this.#engine.ask({ kind: 'stop' });
  }

  /** A hash of a virtual machine's whole state. */
  imageHash(): Promise<string> {
    return this.#engine.ask({ kind: 'image-hash' });
  }

  /** The history of a page, a frame or a slot, in sentences, as far as the rings of events still have it. */
  why(subject: HistorySubject): Promise<Line[]> {
    return this.#engine.ask({ kind: 'why', subject });
  }

  /** The processes by name; everything else about them is in the memory, by index. */
  processes(): Promise<ProcessInfo[]> {
    return this.#engine.ask({ kind: 'processes' });
  }

  /** At boot: the run that begins is also written as a timeline for Perfetto. */
  trace(title: string): Promise<void> {
    return this.#engine.ask({ kind: 'trace', title });
  }

  /** The timeline, as the command line's `--chrome-trace` writes it. */
  traced(): Promise<Blob> {
    return this.#engine.ask({ kind: 'traced' });
  }

  /** The last audit, and the report. */
  finish(): Promise<Report> {
    return this.#engine.ask({ kind: 'finish' });
  }

  /** Ends all workers. What is still waited for rejects. */
  close(): void {
    this.#end(new Error('the laboratory was closed'));
  }
}

const readers = new Map<Build, EngineWorker>();

/** A worker that has no machine, for questions about a scenario. */
function readerOf(build: Build): EngineWorker {
  const reader =
    readers.get(build) ?? new EngineWorker(build, { onFailure: () => readers.delete(build) });
  readers.set(build, reader);
  return reader;
}

/** Reuses the worker that read the scenario: a worker takes longer to start than a machine to be built. */
function engineFor(build: Build, listener: Listener): EngineWorker {
  const reader = readers.get(build);
  if (reader === undefined || !reader.isIdle) return new EngineWorker(build, listener);
  readers.delete(build);
  reader.listen(listener);
  return reader;
}

/** Starts the worker that will be asked about a scenario, before anything is asked. */
export function prepare(text: string): void {
  readingWorker(text);
}

/** What will run a scenario reads it, so that a visit fetches one build; threads need shared memory. */
function readingWorker(text: string): EngineWorker {
  return readerOf(canShare ? buildToRun(text) : buildToRunVirtually(text));
}

/** What is wrong with a scenario, or null. Runs nothing. */
export function check(text: string): Promise<Problem | null> {
  return readingWorker(text).ask({ kind: 'check', text });
}

/** The names of the reference traces that a scenario replays; none if it is refused. */
export function traceNames(text: string): Promise<string[]> {
  return readingWorker(text).ask({ kind: 'trace-names', text });
}

/** The text of a scenario with what a call says differently laid over it; what comes of it is not checked yet. */
export function overridden(text: string, overrides: Overrides): Promise<string> {
  return readerOf('teaching').ask({ kind: 'override', text, overrides });
}

/** A report as the command line prints it. */
export function printReport(report: Report, json: boolean): Promise<string> {
  return readerOf('teaching').ask({ kind: 'print', report, json });
}

/** Runs a scenario that replays no trace on virtual CPUs, all at once, and says what it came to. */
export function runVirtual(text: string): Promise<VirtualRun> {
  return readerOf(buildToRunVirtually(text)).ask({ kind: 'run-virtual', text });
}
