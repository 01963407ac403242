// Reads whole grids out of the machine where it stands: no copy, no message, no lock. What is read while CPUs
// write is a moment of each word, not of the machine; the last frame after they stop is exact.

import { ACCESSED_MARK, frameLook, pteLook, SHARED_MARK } from '../../draw/looks.ts';
import { FREE, WRITING } from '../../draw/palette.ts';
import type { MachineViews } from '../../engine/views.ts';
import { numberOf, type ProcessRecord, shareCountOf } from '../../engine/words.ts';
import {
  ENTRY_WORDS,
  PFN_WORDS,
  PTE_ABSENT,
  PTE_ACCESSED,
  PTE_FORMAT,
  PTE_IN_TRANSIT,
  PTE_SWAPPED,
  PTE_TRANSITION,
  PTE_VALID,
  TABLE_ENTRIES,
} from '../../generated/machine.ts';

export interface Word {
  readonly low: number;
  readonly high: number;
}

export function isAlive(process: ProcessRecord): boolean {
  return process.state === 'sleeping' || process.state === 'running';
}

/** The CPUs that run each process, by process index. */
export function runningOn(machine: MachineViews): Map<number, number[]> {
  const running = new Map<number, number[]>();
  for (let cpu = 0; cpu < machine.layout.cpus; cpu++) {
    const process = machine.runningOn(cpu);
    if (process === null) continue;
    const cpus = running.get(process);
    if (cpus === undefined) running.set(process, [cpu]);
    else cpus.push(cpu);
  }
  return running;
}

/** The words of the table that maps a page; none while it is being built or freed. */
function tableWords(machine: MachineViews, process: ProcessRecord, page: number) {
  if (!isAlive(process) || page >= process.pages || process.directory >= machine.layout.frames) {
    return undefined;
  }
  const table = machine.tableOf(process.index, page);
  if (table === null || table >= machine.layout.frames) return undefined;
  return machine.frameContents(table);
}

/** A page's word; where it has no table, that it is absent. */
export function readWord(machine: MachineViews, process: ProcessRecord, page: number): Word {
  const table = tableWords(machine, process, page);
  const at = (page % TABLE_ENTRIES) * ENTRY_WORDS;
  return { low: table?.[at] ?? PTE_ABSENT, high: table?.[at + 1] ?? 0 };
}

/** Calls `visit(first page, words)` for each table of a process, with the two words of each of its pages. */
function eachTable(
  machine: MachineViews,
  process: ProcessRecord,
  visit: (first: number, words: Uint32Array) => void,
): void {
  for (let first = 0; first < process.pages; first += TABLE_ENTRIES) {
    const table = tableWords(machine, process, first);
    if (table === undefined) continue;
    const count = Math.min(TABLE_ENTRIES, process.pages - first);
    visit(first, table.subarray(0, count * ENTRY_WORDS));
  }
}

/** Fills `looks` with the look of each page, and `counts` with how many pages have each hue. */
export function readPages(
  machine: MachineViews,
  process: ProcessRecord,
  looks: Uint8Array,
  counts: Uint32Array,
): void {
  const frames = machine.frameWords();
  looks.fill(FREE);
  eachTable(machine, process, (first, words) => {
    for (let at = 0; at < words.length; at += ENTRY_WORDS) {
      const low = words[at] as number;
      let look = pteLook(low);
      const format = low & PTE_FORMAT;
      if (format === PTE_VALID || format === PTE_TRANSITION) {
        const shares = shareCountOf(
          frames[numberOf(low, words[at + 1] as number) * PFN_WORDS] ?? 0,
        );
        if (shares > 1) look |= SHARED_MARK;
      }
      looks[first + at / ENTRY_WORDS] = look;
    }
  });
  tally(looks, counts);
}

/** Counts how many looks have each hue. */
export function tally(looks: Uint8Array, counts: Uint32Array): void {
  counts.fill(0);
  for (const look of looks) counts[look & 7] = (counts[look & 7] as number) + 1;
}

export interface Residence {
  resident: number;
  swapped: number;
}

export function readResidence(machine: MachineViews, process: ProcessRecord): Residence {
  const residence = { resident: 0, swapped: 0 };
  eachTable(machine, process, (_first, words) => {
    for (let at = 0; at < words.length; at += ENTRY_WORDS) {
      const format = (words[at] as number) & PTE_FORMAT;
      if (format === PTE_VALID || format === PTE_TRANSITION) residence.resident++;
      else if (format === PTE_SWAPPED) residence.swapped++;
    }
  });
  return residence;
}

/** The frames that a process's pages are in, each with its page. */
export function framesOf(machine: MachineViews, process: ProcessRecord): Map<number, number> {
  const frames = new Map<number, number>();
  eachTable(machine, process, (first, words) => {
    for (let at = 0; at < words.length; at += ENTRY_WORDS) {
      const low = words[at] as number;
      const format = low & PTE_FORMAT;
      if (format === PTE_VALID || format === PTE_TRANSITION)
        frames.set(numberOf(low, words[at + 1] as number), first + at / ENTRY_WORDS);
    }
  });
  return frames;
}

/** The places of a process's pages that are in frames: mapped, or trimmed and still there. */
export function placesOf(
  machine: MachineViews,
  process: ProcessRecord,
): Map<number, { frame: number; isTrimmed: boolean }> {
  const places = new Map<number, { frame: number; isTrimmed: boolean }>();
  eachTable(machine, process, (first, words) => {
    for (let at = 0; at < words.length; at += ENTRY_WORDS) {
      const low = words[at] as number;
      const format = low & PTE_FORMAT;
      if (format !== PTE_VALID && format !== PTE_TRANSITION) continue;
      const frame = numberOf(low, words[at + 1] as number);
      const isTrimmed = format === PTE_TRANSITION && (low & PTE_IN_TRANSIT) === 0;
      places.set(first + at / ENTRY_WORDS, { frame, isTrimmed });
    }
  });
  return places;
}

/** Fills `looks` with the look of each frame, and `counts` with how many frames are in each state. */
export function readFrames(machine: MachineViews, looks: Uint8Array, counts: Uint32Array): void {
  const words = machine.frameWords();
  for (let frame = 0; frame < looks.length; frame++) {
    looks[frame] = frameLook(words[frame * PFN_WORDS] as number);
  }
  tally(looks, counts);
}

/** Marks the looks of frames whose page a process has accessed: that bit is in its PTEs alone. */
export function markAccessed(
  machine: MachineViews,
  processes: Iterable<ProcessRecord>,
  looks: Uint8Array,
): void {
  for (const process of processes) {
    eachTable(machine, process, (_first, words) => {
      for (let at = 0; at < words.length; at += ENTRY_WORDS) {
        const low = words[at] as number;
        if ((low & PTE_FORMAT) !== PTE_VALID || (low & PTE_ACCESSED) === 0) continue;
        const frame = numberOf(low, words[at + 1] as number);
        if (frame < looks.length) looks[frame] = (looks[frame] as number) | ACCESSED_MARK;
      }
    });
  }
}

/** Fills `looks` with the look of each slot, slot 0 left out; how many are in use. */
export function readSlots(machine: MachineViews, looks: Uint8Array): number {
  const counts = machine.slotCounts();
  let used = 0;
  for (let slot = 1; slot <= looks.length; slot++) {
    const count = counts[slot] as number;
    if (count > 0) used++;
    looks[slot - 1] = count === 0 ? FREE : count > 1 ? WRITING | SHARED_MARK : WRITING;
  }
  return used;
}

/** The first words of a frame, as a program would load them. */
export function readContents(machine: MachineViews, frame: number, count: number): bigint[] {
  const words = machine.frameContents(frame);
  return Array.from(
    { length: count },
    (_, word) => (BigInt(words[word * 2 + 1] ?? 0) << 32n) | BigInt(words[word * 2] ?? 0),
  );
}
