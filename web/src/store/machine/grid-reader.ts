// Reads whole grids out of the machine where it stands: no copy, no message, no lock. What is read while CPUs
// write is a moment of each word, not of the machine; the last frame after they stop is exact.

import { frameLook, pteLook, SHARED_MARK } from '../../draw/looks.ts';
import { FREE, WRITING } from '../../draw/palette.ts';
import { type MachineViews, tableEntries } from '../../engine/views.ts';
import { absentPte, numberOf, type ProcessRecord } from '../../engine/words.ts';

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
  const at = (page % tableEntries) * 2;
  return { low: table?.[at] ?? absentPte, high: table?.[at + 1] ?? 0 };
}

/** Calls `visit(first page, words)` for each table of a process, with the two words of each of its pages. */
function eachTable(
  machine: MachineViews,
  process: ProcessRecord,
  visit: (first: number, words: Uint32Array) => void,
): void {
  for (let first = 0; first < process.pages; first += tableEntries) {
    const table = tableWords(machine, process, first);
    if (table === undefined) continue;
    const count = Math.min(tableEntries, process.pages - first);
    visit(first, table.subarray(0, count * 2));
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
    for (let at = 0; at < words.length; at += 2) {
      const low = words[at] as number;
      let look = pteLook(low);
      const format = low & 3;
      if (format === 1 || format === 2) {
        const shares = (frames[numberOf(low, words[at + 1] as number) * 4] ?? 0) >>> 16;
        if (shares > 1) look |= SHARED_MARK;
      }
      looks[first + at / 2] = look;
    }
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
  eachTable(machine, process, (_first, words) => {
    for (let at = 0; at < words.length; at += 2) {
      const format = (words[at] as number) & 3;
      if (format === 1 || format === 2) residence.resident++;
      else if (format === 3) residence.swapped++;
    }
  });
  return residence;
}

/** The frames that a process's pages are in, each with its page. */
export function framesOf(machine: MachineViews, process: ProcessRecord): Map<number, number> {
  const frames = new Map<number, number>();
  eachTable(machine, process, (first, words) => {
    for (let at = 0; at < words.length; at += 2) {
      const low = words[at] as number;
      const format = low & 3;
      if (format === 1 || format === 2)
        frames.set(numberOf(low, words[at + 1] as number), first + at / 2);
    }
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
