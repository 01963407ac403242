// Words of events: of their kinds, for those that a run can be stopped at, and of one that has happened.

import type { ToldEvent } from '../types/told-event.ts';
import { cellsText } from './cells.ts';

/** What happens at an event of each kind. The engine's `observe/event.rs` says what each carries. */
const eventKinds: Readonly<Record<string, string>> = {
  pte: 'a page-table entry changes',
  claim: 'a fault begins or ends its work on a page',
  pfn: 'a frame changes its state',
  'fault-begin': 'a page fault begins',
  'fault-phase': 'a page fault reaches its next part',
  'fault-end': 'a page fault ends',
  'shootdown-begin': 'a TLB shootdown begins',
  'shootdown-acknowledge': 'a CPU acknowledges a shootdown',
  'shootdown-end': 'a TLB shootdown ends',
  'swap-read-begin': 'a page begins to be read from swap',
  'swap-read-end': 'a page has been read from swap',
  'swap-write-begin': 'a page begins to be written to swap',
  'swap-write-end': 'a page has been written to swap',
  'slot-take': 'a swap slot is taken',
  'slot-free': 'a swap slot becomes free',
  spawn: 'a process is spawned',
  fork: 'a process forks',
  process: 'a process sleeps, wakes or ends',
  adopt: 'a process gets another parent',
  heir: 'a process inherits the CPU of one that was killed',
  switch: 'another process gets a CPU',
  wakeup: 'a daemon is woken',
  'daemon-wake': 'a daemon begins to work',
  'daemon-rest': 'a daemon has nothing more to do',
  'frame-wait-begin': 'a CPU finds no free frame',
  'frame-wait-end': 'a CPU has the frame that it waited for',
  'lock-wait': 'a CPU begins to wait for a lock',
  'lock-waited': 'a CPU has the lock that it waited for',
  'job-begin': 'an op of the script begins on a CPU',
  'job-end': 'an op of the script ends on a CPU',
  'list-on': 'a frame is put on a list',
  'list-off': 'a frame is taken off a list',
  arrive: 'a new active frame is held back by its CPU',
  admit: 'a frame that was held back is put on the active list',
  'hand-on': 'a frame is put into a CPU’s cache',
  'hand-off': 'a frame is taken from a CPU’s cache',
  'lock-take': 'a free lock is taken',
  'lock-release': 'a lock is released',
  lines: 'cache lines have come to a CPU from others',
};

/** What the number of an event is, by its kind: a page of its process, a frame or a slot. */
const OF_PAGES = ['pte', 'claim', 'fault-begin', 'fault-phase', 'fault-end'];
const OF_FRAMES = ['pfn', 'list-on', 'list-off', 'arrive', 'admit', 'hand-on', 'hand-off'];
const OF_SLOTS = [
  ...['swap-read-begin', 'swap-read-end', 'swap-write-begin', 'swap-write-end'],
  ...['slot-take', 'slot-free'],
];

function placeOf({ kind, number, process }: ToldEvent): string {
  if (OF_PAGES.includes(kind) && process !== undefined)
    return `: ${cellsText.pageNumber(number)} of ${process}`;
  if (OF_FRAMES.includes(kind)) return `: ${cellsText.frameNumber(number)}`;
  if (OF_SLOTS.includes(kind)) return `: ${cellsText.slotNumber(number)}`;
  return '';
}

export const eventsText = {
  /** An event that has just happened, and to what. */
  eventTold: (event: ToldEvent): string => `${eventsText.eventKind(event.kind)}${placeOf(event)}`,
  eventKind: (kind: string): string => eventKinds[kind] ?? `${kind} happens`,
  /** A fault by its kind, an index of `FAULT_KINDS`. */
  faultEnds: (kind: number): string =>
    [
      'a page fault fails',
      'a demand-zero fault ends',
      'a soft fault ends (the page is rescued)',
      'a hard fault ends (the page came from swap)',
      'a write-protect fault ends (copy on write)',
      'a collided fault ends',
    ][kind] ?? 'a page fault ends',
};
