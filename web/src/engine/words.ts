// Decodes the machine's words, in the formats of the engine's memory. Pure: numbers in, facts out. A 64-bit word comes
// as two halves, because a bigint for each of 100,000 words is slow to draw.

export const pteStates = ['zero', 'valid', 'transition', 'swapped'] as const;
export type PteState = (typeof pteStates)[number];

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

/** The low half of the PTE of a page that the process does not have. */
export const absentPte = 1 << 10;

const bit = (word: number, index: number) => ((word >>> index) & 1) === 1;

/** Bits 12 to 43 of a word: a frame or a slot. */
export function numberOf(low: number, high: number): number {
  return (low >>> 12) + (high & 0xfff) * 0x10_0000;
}

export function pteStateOf(low: number): PteState {
  return pteStates[low & 3] as PteState;
}

export function decodePte(low: number, high: number): Pte {
  return {
    state: pteStateOf(low),
    writable: bit(low, 2),
    accessed: bit(low, 3),
    dirty: bit(low, 4),
    inTransit: bit(low, 5),
    locked: bit(low, 6),
    lockWaiters: bit(low, 7),
    transitWaiters: bit(low, 8),
    readOnlyRegion: bit(low, 9),
    number: numberOf(low, high),
  };
}

export const frameStates = [
  'zeroed',
  'free',
  'active',
  'modified',
  'writing',
  'standby',
  'reading',
  'protected',
] as const;
export type FrameState = (typeof frameStates)[number];

export const protectedKinds = ['zero-page', 'directory', 'table'] as const;
export type ProtectedKind = (typeof protectedKinds)[number];

/** A frame's entry in the PFN database. */
export interface Frame {
  state: FrameState;
  locked: boolean;
  lockWaiters: boolean;
  dirty: boolean;
  trimming: boolean;
  rescued: boolean;
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
  return frameStates[word & 7] as FrameState;
}

export function shareCountOf(word: number): number {
  return word >>> 16;
}

export function decodeFrame(word: number, slot: number, key: number, owner: number): Frame {
  const state = frameStateOf(word);
  const isProtected = state === 'protected';
  const protectedKind = isProtected ? (protectedKinds[key] ?? null) : null;
  return {
    state,
    locked: bit(word, 3),
    lockWaiters: bit(word, 4),
    dirty: bit(word, 5),
    trimming: bit(word, 6),
    rescued: bit(word, 7),
    eventWaiters: bit(word, 8),
    shares: shareCountOf(word),
    slot,
    page: isProtected ? 0 : key,
    family: isProtected ? 0 : owner,
    protectedKind,
    process: isProtected && protectedKind !== 'zero-page' ? owner : null,
  };
}

export const processStates = ['unused', 'sleeping', 'running', 'terminated'] as const;
export type ProcessState = (typeof processStates)[number];

/** What 32 bits say where there is no process, frame or neighbour. */
export const none = 0xffff_ffff;

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
    state: processStates[word(0)] ?? 'unused',
    generation: word(1),
    parent: word(2) === none ? null : word(2),
    family: word(3),
    directory: word(4),
    pages: word(5),
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
  return (high >>> 0) * 0x1_0000_0000 + (low >>> 0);
}

/** For sorting: the one order of a virtual run's events; on threads the order within a ring. */
export function inOrder(a: MachineEvent, b: MachineEvent): number {
  return a.time - b.time || a.order - b.order;
}

export function decodeEvent(words: ArrayLike<number>, at = 0): MachineEvent {
  const word = (offset: number) => words[at + offset] ?? 0;
  const head = word(2);
  const process = head >>> 16;
  return {
    time: (word(1) >>> 0) * 0x10_0000 + (word(0) >>> 12),
    order: word(0) & 0xfff,
    kind: head & 0xff,
    cpu: (head >>> 8) & 0xff,
    process: process === 0xffff ? null : process,
    number: word(3),
    a: [word(4), word(5)],
    b: [word(6), word(7)],
  };
}
