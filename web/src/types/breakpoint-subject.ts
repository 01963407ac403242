// Describes what a breakpoint stops at.

import type { LockClass } from '../engine/locks.ts';

export type BreakpointSubject =
  | { readonly of: 'event'; readonly kind: string }
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
