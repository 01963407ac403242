// Declares the messages between the page and its workers.

import type { Overrides } from '../../pkg-bugs/faultline_teaching.js';
import type { Layout, Op, Problem, Report } from '../generated/types.d.ts';
import type { Copy } from './copies.ts';
import type { Recorded } from './event-recorder.ts';
import type { Build } from './module.ts';
import type { SwapRefusal } from './swap-file.ts';
import type { Target, Way } from './time-travel.ts';

/** Texts of reference traces by name. */
export type Traces = Record<string, string>;

/** What a history is asked of. */
export type HistorySubject =
  | { of: 'page'; process: string; number: number }
  | { of: 'frame' | 'slot'; number: number };

/** What the engine worker is asked; each request gets one answer with its number. */
export type Request =
  | { kind: 'check'; text: string }
  | { kind: 'trace-names'; text: string }
  | { kind: 'run-virtual'; text: string }
  /** With `copies` the page shares no memory, and is sent what changes; `disk` asks for swap on the browser's disk. */
  | {
      kind: 'open';
      text: string;
      traces: Traces;
      observe: boolean;
      copies: boolean;
      disk: boolean;
    }
  /** Of a line that is `shown` the page reads everything as soon as it is done. */
  | { kind: 'apply'; op: Op; shown: boolean }
  | { kind: 'follow'; script: Op[] }
  | { kind: 'go'; target: Target; way: Way }
  | { kind: 'stop' }
  | { kind: 'image-hash' }
  | { kind: 'processes' }
  | { kind: 'why'; subject: HistorySubject }
  /** From here on, which is boot, the run is also written as a timeline, until it is asked for. */
  | { kind: 'trace'; title: string }
  | { kind: 'traced' }
  | { kind: 'finish' }
  /** These two of the teaching build, which has what no page needs. */
  | { kind: 'override'; text: string; overrides: Overrides }
  | { kind: 'print'; report: Report; json: boolean };

export type NumberedRequest = Request & { id: number };

/** What the engine worker is told first: which build to load. */
export interface EngineOrder {
  kind: 'load';
  build: Build;
}

/** The machine that `open` made, and what its threads need to enter it. */
export interface Opened {
  layout: Layout;
  /** What the page and the threads share; nothing if the page gets copies. */
  shared: { memory: WebAssembly.Memory; module: WebAssembly.Module } | undefined;
  pointer: number;
  threads: number;
  /** Where swap is, if it was asked to be on disk. */
  swap: OpenedSwap | undefined;
}

/** The swap file of a machine, and the address of what counts its bytes; or why there is none. */
export type OpenedSwap = { name: string; traffic: number } | { refusal: SwapRefusal };

export type Answer =
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'refused'; id: number; problem: Problem }
  | { kind: 'copy'; copy: Copy }
  /** What the run has recorded. */
  | { kind: 'recorded'; recorded: Recorded }
  /** The timeline has so many bytes by now. */
  | { kind: 'tracing'; bytes: number }
  /** Whether the build is still being made, on the page of `npm start`. */
  | { kind: 'awaits'; build: Build | undefined }
  | Panic;

/** A worker broke: its machine is lost, and the page must open another. */
export interface Panic {
  kind: 'panic';
  message: string;
  /** The virtual CPU or daemon that was running, by its row. */
  task?: number | undefined;
  /** The line of the script that was under way, where the worker follows one. */
  line?: number | undefined;
}

/** What the worker of one thread is told: what to become, then to begin. */
export type ThreadOrder =
  | {
      kind: 'become';
      build: Build;
      module: WebAssembly.Module;
      memory: WebAssembly.Memory;
      pointer: number;
      index: number;
      /** The swap file, which the worker opens too. */
      swapFile: string | undefined;
    }
  | { kind: 'enter' };

export type ThreadReport = { kind: 'ready' } | { kind: 'left' } | Panic;
