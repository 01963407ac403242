// Packs a cell's look into one byte: its hue in the lowest three bits, and what is drawn over it.

import {
  PFN_DIRTY,
  PFN_FLIGHT_WAITERS,
  PFN_LOCK,
  PFN_LOCK_WAITERS,
  PFN_SHARE,
  PFN_SHARE_SHIFT,
  PFN_STATE,
  PTE_ABSENT,
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_FORMAT,
  PTE_IN_TRANSIT,
  PTE_LOCK,
  PTE_LOCK_WAITERS,
  PTE_TRANSIT_WAITERS,
  PTE_TRANSITION,
  PTE_VALID,
  PTE_WRITABLE,
  PTE_ZERO,
} from '../generated/machine.ts';
import { ACTIVE, FREE, MODIFIED, PROTECTED, READING, STANDBY, WRITING, ZEROED } from './palette.ts';

/** Several PTEs refer to the frame: a second outline. */
export const SHARED_MARK = 8;
/** A lock is held: a ring. */
export const LOCK_MARK = 16;
/** The lock is awaited: the ring is dashed. */
export const WAIT_MARK = 32;

/** A program has accessed the page since the bit was last cleared: a tick in the corner. */
export const ACCESSED_MARK = 64;
/** The contents differ from those on swap: a dot. */
export const DIRTY_MARK = 128;

const PTE_AWAITED = PTE_LOCK_WAITERS | PTE_TRANSIT_WAITERS;
const PFN_AWAITED = PFN_LOCK_WAITERS | PFN_FLIGHT_WAITERS;

/** The look of a page, from the low half of its PTE. */
export function pteLook(low: number): number {
  const marks =
    ((low & PTE_LOCK) !== 0 ? LOCK_MARK : 0) | ((low & PTE_AWAITED) !== 0 ? WAIT_MARK : 0);
  if ((low & PTE_IN_TRANSIT) !== 0) return READING | marks;
  switch (low & PTE_FORMAT) {
    case PTE_ZERO:
      return ((low & PTE_ABSENT) !== 0 ? FREE : ZEROED) | marks;
    case PTE_VALID:
      return validHue(low) | usedMarks(low) | marks;
    case PTE_TRANSITION:
      return STANDBY | marks;
    default:
      return WRITING | marks;
  }
}

function validHue(low: number): number {
  if ((low & PTE_WRITABLE) === 0) return PROTECTED;
  return (low & PTE_DIRTY) !== 0 ? MODIFIED : ACTIVE;
}

function usedMarks(low: number): number {
  return (
    ((low & PTE_ACCESSED) !== 0 ? ACCESSED_MARK : 0) | ((low & PTE_DIRTY) !== 0 ? DIRTY_MARK : 0)
  );
}

/** The look of a frame; one that several PTEs refer to has a second outline. */
export function frameLook(word: number): number {
  const state = word & PFN_STATE;
  const holds = state !== PROTECTED && state !== FREE && state !== ZEROED;
  const shared = holds && ((word >>> PFN_SHARE_SHIFT) & PFN_SHARE) > 1 ? SHARED_MARK : 0;
  const dirty = holds && (word & PFN_DIRTY) !== 0 ? DIRTY_MARK : 0;
  const locked = (word & PFN_LOCK) !== 0 ? LOCK_MARK : 0;
  const waited = (word & PFN_AWAITED) !== 0 ? WAIT_MARK : 0;
  return state | shared | locked | waited | dirty;
}
