// Numbers what can last in a timeline: a kind for each fault, phase, wait, transfer, daemon and job. One block a table
// of the engine, in its order.

import {
  DAEMONS,
  FAULT_KINDS,
  FAULT_PHASES,
  JOB_KINDS,
  LOCK_CLASSES,
} from '../generated/machine.ts';

/** A fault of each kind, by its index of `FAULT_KINDS`; and one that has not ended. */
export const FAULT = 0;
export const FAULT_UNDER_WAY = FAULT + FAULT_KINDS.length;
export const PHASE = FAULT_UNDER_WAY + 1;
export const LOCK_WAIT = PHASE + FAULT_PHASES.length;
export const FRAME_WAIT = LOCK_WAIT + LOCK_CLASSES.length;
export const SWAP_READ = FRAME_WAIT + 1;
export const SWAP_WRITE = SWAP_READ + 1;
export const SHOOTDOWN = SWAP_WRITE + 1;
export const DAEMON = SHOOTDOWN + 1;
export const JOB = DAEMON + DAEMONS.length;
export const ALL_KINDS = JOB + JOB_KINDS.length;

const within = (kind: number, first: number, table: readonly unknown[]): boolean =>
  kind >= first && kind < first + table.length;

export const isFault = (kind: number): boolean => kind <= FAULT_UNDER_WAY;
export const isPhase = (kind: number): boolean => within(kind, PHASE, FAULT_PHASES);
export const isLockWait = (kind: number): boolean => within(kind, LOCK_WAIT, LOCK_CLASSES);
export const isDaemon = (kind: number): boolean => within(kind, DAEMON, DAEMONS);
export const isJob = (kind: number): boolean => within(kind, JOB, JOB_KINDS);
