// Declares what the page knows of a trace that the visitor attached.

import type { TraceFound } from '../engine/trace-messages.ts';

export interface AttachedTrace extends TraceFound {
  /** The name by which scenarios replay it. */
  readonly name: string;
  /** The file that it was read from. */
  readonly file: string;
  /** One page in how many was taken: 1 if all were. */
  readonly onePageIn: number;
  /** When it was attached: milliseconds since 1970. */
  readonly at: number;
}
