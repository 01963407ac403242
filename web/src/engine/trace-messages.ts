// Declares the messages between the page and the worker that reads a trace.

import type { TraceFormat, TraceFound, TraceWish } from '../../pkg-traces/faultline_traces.js';
import type { AwaitsTraces } from './traces-module.ts';

export type { TraceFormat, TraceFound, TraceWish };

/** What the worker is told first, and alone. */
export interface TraceOrder {
  readonly file: Blob;
  readonly wish: TraceWish;
}

export type TraceAnswer =
  | AwaitsTraces
  | { readonly kind: 'progress'; readonly bytes: number; readonly references: number }
  /** It was read; its text is whole if there was room for it. */
  | { readonly kind: 'read'; readonly found: TraceFound; readonly text: Blob }
  /** It is no trace that can be read, in a sentence. */
  | { readonly kind: 'refused'; readonly message: string };
