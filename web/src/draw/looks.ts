// Packs a cell's look into one byte: its hue, and what is drawn over it.

import { ACTIVE, FREE, MODIFIED, PROTECTED, READING, STANDBY, WRITING, ZEROED } from './palette.ts';

/** Several PTEs refer to the frame: a second outline. */
export const SHARED_MARK = 8;
/** A lock is held: a ring. */
export const LOCK_MARK = 16;
/** The lock is awaited: the ring is dashed. */
export const WAIT_MARK = 32;

/** The look of a page, from the low half of its PTE. */
export function pteLook(low: number): number {
  const marks = ((low & 64) !== 0 ? LOCK_MARK : 0) | ((low & 384) !== 0 ? WAIT_MARK : 0);
  if ((low & 32) !== 0) return READING | marks;
  switch (low & 3) {
    case 0:
      return ((low & 1024) !== 0 ? FREE : ZEROED) | marks;
    case 1:
      if ((low & 4) === 0) return PROTECTED | marks;
      return ((low & 16) !== 0 ? MODIFIED : ACTIVE) | marks;
    case 2:
      return STANDBY | marks;
    default:
      return WRITING | marks;
  }
}

/** The look of a frame; one that several PTEs refer to has a second outline. */
export function frameLook(word: number): number {
  const state = word & 7;
  const shared = state !== PROTECTED && word >>> 16 > 1 ? SHARED_MARK : 0;
  const locked = (word & 8) !== 0 ? LOCK_MARK : 0;
  const waited = (word & 0x110) !== 0 ? WAIT_MARK : 0;
  return state | shared | locked | waited;
}
