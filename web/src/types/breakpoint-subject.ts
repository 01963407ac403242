// Describes what a breakpoint stops at.

import type { LockClass } from '../engine/locks.ts';

export type BreakpointSubject =
  | { readonly of: 'event'; readonly kind: string }
  /** A fault that turns out to be of a kind, an index of `FAULT_KINDS`. */
  | { readonly of: 'fault'; readonly fault: number }
  | {
      readonly of: 'page';
      readonly process: string;
      readonly index: number;
      readonly page: number;
    }
  | { readonly of: 'frame'; readonly frame: number }
  | { readonly of: 'slot'; readonly slot: number }
  | { readonly of: 'process'; readonly process: string; readonly index: number }
  /** A lock of a class, or one of them; taken at all, or only when somebody has to wait for it. */
  | {
      readonly of: 'lock';
      readonly lock: LockClass;
      readonly which?: number;
      readonly awaited: boolean;
    };
