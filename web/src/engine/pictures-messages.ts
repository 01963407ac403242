// Declares the messages between the page and the worker that counts what pictures of a trace show.

import type {
  TraceArea,
  TraceHeat,
  TracePart,
  TraceReuse,
  TraceWorkingSet,
} from '../../pkg-traces/faultline_traces.js';
import type { AwaitsTraces } from './traces-module.ts';

export type { TraceArea, TraceHeat, TracePart, TraceReuse, TraceWorkingSet };

/** How finely references are counted: at most so many columns and rows, and so many stretches of time for the table. */
export interface Grain {
  readonly columns: number;
  readonly rows: number;
  readonly stretches: number;
}

export type PicturesOrder =
  /** First: the file of the trace, and how finely its working set is measured. */
  | { readonly kind: 'read'; readonly file: Blob; readonly stretches: number }
  /** References by time and address, as often as a part is asked for. */
  | { readonly kind: 'heat'; readonly part: TracePart; readonly grain: Grain };

/** The trace as it was read. */
export interface Pictured {
  readonly references: number;
  readonly pages: number;
  readonly areas: readonly TraceArea[];
}

export type PicturesAnswer =
  | AwaitsTraces
  | ({ readonly kind: 'read' } & Pictured)
  | { readonly kind: 'heat'; readonly heat: TraceHeat }
  | { readonly kind: 'sets'; readonly sets: readonly TraceWorkingSet[] }
  | { readonly kind: 'reuse'; readonly reuse: TraceReuse }
  | { readonly kind: 'failed'; readonly message: string };
