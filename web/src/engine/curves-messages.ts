// Declares the messages between the page and the worker that replays a trace under replacement policies.

import type { AwaitsTraces } from './traces-module.ts';

/** What the worker is told, once: the text of a trace, and what to count. */
export interface CurvesOrder {
  readonly text: string;
  readonly policies: readonly string[];
  /** How many sizes of memory are wanted, in ascending order; `also` is one of them. */
  readonly sizes: number;
  readonly also: number | undefined;
}

/** The trace as it was read, and the sizes of memory that are counted, in frames. */
export interface Replayed {
  readonly references: number;
  readonly pages: number;
  readonly sizes: readonly number[];
}

export type CurvesAnswer =
  | AwaitsTraces
  | ({ readonly kind: 'replayed' } & Replayed)
  /** The faults of a policy in each size. */
  | { readonly kind: 'curve'; readonly policy: string; readonly faults: readonly number[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string };
