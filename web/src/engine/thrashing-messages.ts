// Declares the messages between the page and the worker that runs a program in more and more processes.

import type { Knee, Load } from '../../pkg-bugs/faultline_teaching.js';
import type { Traces } from './messages.ts';

export type { Knee, Load };

export type CrowdsOrder =
  /** First: the program, which is the usual one where there is no text, and for how many processes at most. */
  | {
      readonly kind: 'measure';
      readonly text: string | undefined;
      readonly traces: Traces;
      readonly most: number;
      readonly frames: number | undefined;
    }
  /** Measures no more. */
  | { readonly kind: 'stop' }
  /** Asks for the scenario with so many processes. */
  | { readonly kind: 'scenario'; readonly processes: number };

/** The machine and the program that are run. */
export interface Crowd {
  readonly frames: number;
  readonly pages: number;
  readonly accesses: number;
}

export type CrowdsAnswer =
  | { readonly kind: 'awaits'; readonly isAwaited: boolean }
  | { readonly kind: 'crowd'; readonly crowd: Crowd }
  /** One more number of processes, and the knee of all so far. */
  | { readonly kind: 'load'; readonly load: Load; readonly knee: Knee | undefined }
  | { readonly kind: 'done' }
  | { readonly kind: 'scenario'; readonly text: string }
  | { readonly kind: 'failed'; readonly message: string };
