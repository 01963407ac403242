// Decodes the machine's words, in the formats of the engine's memory. Pure: numbers in, facts out. A 64-bit word comes
// as two halves, because a bigint for each of 100,000 words is slow to draw.

import {
  EVENT_A_WORD,
  EVENT_B_WORD,
  EVENT_CPU,
  EVENT_CPU_SHIFT,
  EVENT_HEAD_WORD,
  EVENT_KIND,
  EVENT_NO_PROCESS,
  EVENT_NUMBER_WORD,
  EVENT_PROCESS_SHIFT,
  EVENT_STAMP_WORD,
  EVENT_TIME_SHIFT,
  FRAME_STATES,
  NONE,
  NUMBER_SHIFT,
  PFN_AHEAD,
  PFN_DIRTY,
  PFN_FLIGHT_WAITERS,
  PFN_IN_FLIGHT,
  PFN_LOCK,
  PFN_LOCK_WAITERS,
  PFN_RESCUED,
  PFN_SHARE,
  PFN_SHARE_SHIFT,
  PFN_STATE,
  PROCESS_DIRECTORY_WORD,
  PROCESS_FAMILY_WORD,
  PROCESS_GENERATION_WORD,
  PROCESS_PAGES_WORD,
  PROCESS_PARENT_WORD,
  PROCESS_STATE_WORD,
  PROCESS_STATES,
  PROTECTED_KINDS,
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_FORMAT,
  PTE_FORMATS,
  PTE_IN_TRANSIT,
  PTE_LOCK,
  PTE_LOCK_WAITERS,
  PTE_READ_ONLY,
  PTE_TRANSIT_WAITERS,
  PTE_WRITABLE,
} from '../generated/machine.ts';

export type PteState = (typeof PTE_FORMATS)[number];

/** A page-table entry. `number` is a frame (valid, transition) or a slot (swapped). */
export interface Pte {
  state: PteState;
  writable: boolean;
  accessed: boolean;
  dirty: boolean;
  /** A fault is being served on this page, without the lock. */
  inTransit: boolean;
  /** The lock of the region whose first PTE this is. */
  locked: boolean;
  lockWaiters: boolean;
  transitWaiters: boolean;
  readOnlyRegion: boolean;
  number: number;
}

/** Bits of a half of a 64-bit word. */
const HALF_BITS = 32;

/** What a low half that is shifted to the right by `shift` lacks, the high half is multiplied by. */
const carry = (shift: number) => 2 ** (HALF_BITS - shift);
const NUMBER_CARRY = carry(NUMBER_SHIFT);
const NUMBER_HIGH = (1 << NUMBER_SHIFT) - 1;
const TIME_CARRY = carry(EVENT_TIME_SHIFT);
const EVENT_ORDER = (1 << EVENT_TIME_SHIFT) - 1;

const has = (word: number, bits: number) => (word & bits) !== 0;

/** The frame or slot that an entry names: 32 bits of it. */
export function numberOf(low: number, high: number): number {
  return (low >>> NUMBER_SHIFT) + (high & NUMBER_HIGH) * NUMBER_CARRY;
}

function pteStateOf(low: number): PteState {
  return PTE_FORMATS[low & PTE_FORMAT] as PteState;
}

export function decodePte(low: number, high: number): Pte {
  return {
    state: pteStateOf(low),
    writable: has(low, PTE_WRITABLE),
    accessed: has(low, PTE_ACCESSED),
    dirty: has(low, PTE_DIRTY),
    inTransit: has(low, PTE_IN_TRANSIT),
    locked: has(low, PTE_LOCK),
    lockWaiters: has(low, PTE_LOCK_WAITERS),
    transitWaiters: has(low, PTE_TRANSIT_WAITERS),
    readOnlyRegion: has(low, PTE_READ_ONLY),
    number: numberOf(low, high),
  };
}

type FrameState = (typeof FRAME_STATES)[number];

type ProtectedKind = (typeof PROTECTED_KINDS)[number];

/** A frame's entry in the PFN database. */
export interface Frame {
  state: FrameState;
  locked: boolean;
  lockWaiters: boolean;
  dirty: boolean;
  trimming: boolean;
  rescued: boolean;
  /** Whether it was read from swap ahead of need, and no fault has found it yet. */
  ahead: boolean;
  eventWaiters: boolean;
  /** PTEs that refer to the frame. */
  shares: number;
  /** The slot that keeps its copy; 0 is none. */
  slot: number;
  /** Of an ordinary frame: the page it holds, and the family of processes that may share it. */
  page: number;
  family: number;
  /** Of a protected frame: what it is for, and the index of the process it serves. */
  protectedKind: ProtectedKind | null;
  process: number | null;
}

export function frameStateOf(word: number): FrameState {
  return FRAME_STATES[word & PFN_STATE] as FrameState;
}

export function shareCountOf(word: number): number {
  return (word >>> PFN_SHARE_SHIFT) & PFN_SHARE;
}

export function decodeFrame(word: number, slot: number, key: number, owner: number): Frame {
  const state = frameStateOf(word);
  const isProtected = state === 'protected';
  const protectedKind = isProtected ? (PROTECTED_KINDS[key] ?? null) : null;
  return {
    state,
    locked: has(word, PFN_LOCK),
    lockWaiters: has(word, PFN_LOCK_WAITERS),
    dirty: has(word, PFN_DIRTY),
    trimming: has(word, PFN_IN_FLIGHT),
    rescued: has(word, PFN_RESCUED),
    ahead: has(word, PFN_AHEAD),
    eventWaiters: has(word, PFN_FLIGHT_WAITERS),
    shares: shareCountOf(word),
    slot,
    page: isProtected ? 0 : key,
    family: isProtected ? 0 : owner,
    protectedKind,
    process: isProtected && protectedKind !== 'zero-page' ? owner : null,
  };
}

export type ProcessState = (typeof PROCESS_STATES)[number];

/** A process's record. */
export interface ProcessRecord {
  index: number;
  state: ProcessState;
  generation: number;
  parent: number | null;
  family: number;
  directory: number;
  pages: number;
}

export function decodeProcess(index: number, words: ArrayLike<number>, at = 0): ProcessRecord {
  const word = (offset: number) => words[at + offset] ?? 0;
  return {
    index,
    state: PROCESS_STATES[word(PROCESS_STATE_WORD)] ?? 'unused',
    generation: word(PROCESS_GENERATION_WORD),
    parent: word(PROCESS_PARENT_WORD) === NONE ? null : word(PROCESS_PARENT_WORD),
    family: word(PROCESS_FAMILY_WORD),
    directory: word(PROCESS_DIRECTORY_WORD),
    pages: word(PROCESS_PAGES_WORD),
  };
}

/** One event of the trace. `a` and `b` are halves-in-order (low, high) of the operands. */
export interface MachineEvent {
  /** In nanoseconds. On threads not every event reads the clock: then it happened no earlier. */
  time: number;
  /** What comes first among events of one time. */
  order: number;
  kind: number;
  cpu: number;
  /** The index of the process concerned, or null. */
  process: number | null;
  /** The page, frame or slot concerned. */
  number: number;
  a: readonly [low: number, high: number];
  b: readonly [low: number, high: number];
}

/** A 64-bit number of two halves, exact up to 2^53. */
export function wide(low: number, high: number): number {
  return (high >>> 0) * 2 ** HALF_BITS + (low >>> 0);
}

/** For sorting: the one order of a virtual run's events; on threads the order within a ring. */
export function inOrder(a: MachineEvent, b: MachineEvent): number {
  return a.time - b.time || a.order - b.order;
}

export function decodeEvent(words: ArrayLike<number>, at = 0): MachineEvent {
  const word = (offset: number) => words[at + offset] ?? 0;
  const [stamp, head] = [word(EVENT_STAMP_WORD), word(EVENT_HEAD_WORD)];
  const process = head >>> EVENT_PROCESS_SHIFT;
  return {
    time: (word(EVENT_STAMP_WORD + 1) >>> 0) * TIME_CARRY + (stamp >>> EVENT_TIME_SHIFT),
    order: stamp & EVENT_ORDER,
    kind: head & EVENT_KIND,
    cpu: (head >>> EVENT_CPU_SHIFT) & EVENT_CPU,
    process: process === EVENT_NO_PROCESS ? null : process,
    number: word(EVENT_NUMBER_WORD),
    a: [word(EVENT_A_WORD), word(EVENT_A_WORD + 1)],
    b: [word(EVENT_B_WORD), word(EVENT_B_WORD + 1)],
  };
}
