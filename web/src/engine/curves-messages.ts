// Declares the messages between the page and the workers that replay a trace under replacement policies.

import type { AwaitsTraces } from './traces-module.ts';

/** What is to be counted: the file of a trace, and under which policies in memories of which sizes. */
export interface CurvesWish {
  readonly file: Blob;
  readonly policies: readonly string[];
  /** How many sizes of memory are wanted, in ascending order; `also` is one of them. */
  readonly sizes: number;
  readonly also: number | undefined;
}

export type CurvesOrder =
  /** First: the trace. */
  | ({ readonly kind: 'read' } & Omit<CurvesWish, 'policies'>)
  /** Then, each time that the worker has answered: a policy. */
  | { readonly kind: 'count'; readonly policy: string };

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
  | { readonly kind: 'failed'; readonly message: string };
