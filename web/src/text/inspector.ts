// Words of the inspector: fields of a PTE and of a frame's entry.

import type { PteState } from '../engine/words.ts';
import { plural } from './format.ts';

export const inspectorText = {
  inspector: {
    why: 'Why is this here?',
    whyNothing: 'Nothing has moved it yet.',
    whyAll: (shown: number, all: number) =>
      shown < all ? `Its latest ${shown} of ${all} events` : `All of its ${all} events`,
    whyHistory: 'All that happened to it, newest first',
    whyGoTo: (event: number) => `Go to event ${event}`,
    whyReason: (reason: string) => `Why: ${reason}.`,
    nothing: 'Select a page or a frame.',
    page: (page: number, process: string) => `Page ${page} of ${process}`,
    pte: 'Page-table entry',
    before: 'before',
    after: 'after',
    now: 'now',
    frame: (frame: number) => `Frame ${frame}`,
    state: 'State',
    shares: 'Mapped by',
    slot: 'Copy in swap slot',
    counter: 'Aging counter',
    counterBits: (counter: number) =>
      `${counter.toString(2).padStart(8, '0')} (${counter.toString(16).toUpperCase().padStart(2, '0')})`,
    holds: 'Holds',
    holdsPage: (page: number) => `page ${page}`,
    inFrame: 'Frame',
    none: 'none',
    ahead: 'none yet: read ahead of need',
    contents: 'First words',
    /** Where the frame counts others than are found. */
    counts: (count: number) => `counted: ${plural(count, 'PTE')}`,
    sharers: (count: number) => plural(count, 'PTE'),
    bits: (field: string, from: number, bits: number) =>
      bits === 1 ? `${field}, bit ${from}` : `${field}, bits ${from + bits - 1} to ${from}`,
    noFrame: 'No frame: reads find zeroes.',
    inSlot: (slot: number) => `Its bytes are in slot ${slot}.`,
    fields: {
      format: ['format', 'how to read the rest of the word'],
      writable: ['writable', 'without it a write faults, and copies if the frame is shared'],
      accessed: ['accessed', 'accessed since the trimmer last cleared it'],
      dirty: ['dirty', 'written since it was mapped'],
      inTransit: ['fault in progress', 'a fault fills the page and holds no lock'],
      lock: ['locked', 'the lock is held, for the region whose first PTE this is'],
      lockWaiters: ['lock waiters', 'a CPU or a daemon waits for the lock'],
      transitWaiters: ['fault waiters', 'a second fault waits for the first'],
      readOnly: ['read-only region', 'the program itself may not write here'],
      reserved: ['', 'unused'],
      number: ['frame or slot', 'frame of a mapped or trimmed entry, slot of a swapped one'],
      unused: ['', 'unused'],
    } as Record<string, [string, string]>,
    formats: {
      zero: 'zero',
      valid: 'mapped',
      transition: 'trimmed',
      swapped: 'swapped',
    } satisfies Record<PteState, string>,
  },
};
