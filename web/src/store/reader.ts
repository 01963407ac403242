// Reads whole grids out of the machine where it stands: no copy, no message, no lock. What is read while CPUs
// write is a moment of each word, not of the machine; the last frame after they stop is exact.

import { frameLook, pteLook, SHARED_MARK } from '../draw/looks.ts';
import { FREE, WRITING } from '../draw/palette.ts';
import { type MachineViews, tableEntries } from '../engine/views.ts';
import { numberOf, type ProcessRecord } from '../engine/words.ts';

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

/** A page's word; zero where it has no table. */
export function readWord(machine: MachineViews, process: ProcessRecord, page: number): Word {
  const table = tableWords(machine, process, page);
  const at = (page % tableEntries) * 2;
  return { low: table?.[at] ?? 0, high: table?.[at + 1] ?? 0 };
}

/** Calls `visit(page, low, high)` for each page of a process that has a table. */
export function eachPte(
  machine: MachineViews,
  process: ProcessRecord,
  visit: (page: number, low: number, high: number) => void,
): void {
  for (let first = 0; first < process.pages; first += tableEntries) {
    const table = tableWords(machine, process, first);
    if (table === undefined) continue;
    const last = Math.min(tableEntries, process.pages - first);
    for (let entry = 0; entry < last; entry++) {
      visit(first + entry, table[entry * 2] as number, table[entry * 2 + 1] as number);
    }
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
  looks.fill(0);
  eachPte(machine, process, (page, low, high) => {
    let look = pteLook(low);
    const format = low & 3;
    if (format === 1 || format === 2) {
      const shares = (frames[numberOf(low, high) * 4] ?? 0) >>> 16;
      if (shares > 1) look |= SHARED_MARK;
    }
    looks[page] = look;
  });
  tally(looks, counts);
}

function tally(looks: Uint8Array, counts: Uint32Array): void {
  counts.fill(0);
  for (const look of looks) counts[look & 7] = (counts[look & 7] as number) + 1;
}

export interface Residence {
  resident: number;
  swapped: number;
}

export function readResidence(machine: MachineViews, process: ProcessRecord): Residence {
  const residence = { resident: 0, swapped: 0 };
  eachPte(machine, process, (_page, low) => {
    const format = low & 3;
    if (format === 1 || format === 2) residence.resident++;
    else if (format === 3) residence.swapped++;
  });
  return residence;
}

/** The frames that a process's pages are in, each with its page. */
export function framesOf(machine: MachineViews, process: ProcessRecord): Map<number, number> {
  const frames = new Map<number, number>();
  eachPte(machine, process, (page, low, high) => {
    const format = low & 3;
    if (format === 1 || format === 2) frames.set(numberOf(low, high), page);
  });
  return frames;
}

/** Fills `looks` with the look of each frame, and `counts` with how many frames are in each state. */
export function readFrames(machine: MachineViews, looks: Uint8Array, counts: Uint32Array): void {
  const words = machine.frameWords();
  for (let frame = 0; frame < looks.length; frame++) {
    looks[frame] = frameLook(words[frame * 4] as number);
  }
  tally(looks, counts);
}

/** Fills `looks` with the look of each slot, slot 0 left out; how many are in use. */
export function readSlots(machine: MachineViews, looks: Uint8Array): number {
  let used = 0;
  for (let slot = 1; slot <= looks.length; slot++) {
    const count = machine.slotCount(slot);
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
