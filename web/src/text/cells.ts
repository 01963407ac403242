// Words for pages, frames, slots and processes: names of their states, captions and labels.

import type { ProcessState } from '../engine/words.ts';
import type { FRAME_STATES } from '../generated/machine.ts';
import { number, plural, type WordEach } from './format.ts';

export const cellsText = {
  frameStates: [
    'zeroed',
    'free',
    'active',
    'unmapped, to be written',
    'being written',
    'standby',
    'being read',
    'page tables and zero page',
  ] as const satisfies WordEach<typeof FRAME_STATES>,
  frameStateMeanings: [
    'free, and already filled with zeroes',
    'free; its contents do not matter',
    'active = mapped: at least one page-table entry maps it',
    'modified: unmapped, with changes that swap does not have; waits to be written',
    'on its way to swap',
    'unmapped and clean: a fault can map it again, or it can be used for another page',
    'being filled from swap',
    'a page directory, a page table or the zero page: never evicted',
  ] as const satisfies WordEach<typeof FRAME_STATES>,
  pageStates: [
    'zero',
    'unmapped',
    'clean',
    'dirty',
    'swapped',
    'trimmed',
    'fault in progress',
    'shared, copy on write',
  ] as const,
  pageStateMeanings: [
    'never written: the universal zero page',
    'not part of the process',
    'mapped and writable, unchanged',
    'mapped, writable and written',
    'its contents are in a swap slot',
    'trimmed (frame still in memory): unmapped, and a fault maps it again without I/O',
    'fault in progress: a fault fills it, and holds no lock meanwhile',
    'mapped read-only: a write faults, and copies the page if it is shared',
  ] as const,
  processStates: {
    unused: 'unused',
    sleeping: 'asleep',
    running: 'ready',
    terminated: 'dead',
  } satisfies Record<ProcessState, string>,
  processCount: (count: number) => plural(count, 'process', 'processes'),
  hiddenChildren: (count: number) => `+${count}`,
  resident: 'resident',
  swapped: 'swapped',
  onCpu: (cpu: number) => `CPU ${cpu}`,
  onCpus: (cpus: readonly number[]) =>
    cpus.length === 0 ? '' : cpus.length > 3 ? `${cpus.length} CPUs` : `CPU ${cpus.join(', ')}`,
  noProcesses: 'No process yet. Spawn the first.',
  selectProcess: 'Select a process to see its page table.',
  pagesAppear: 'The pages of a process appear here.',
  virtualCaption: (name: string, pages: number) => `${name} · ${plural(pages, 'page')}`,
  physicalCaption: (frames: number) => `${plural(frames, 'frame')} of 4 KiB`,
  swapCaption: (used: number, slots: number) => `${number(used)} of ${plural(slots, 'slot')}`,
  available: (count: number, low: number | undefined) =>
    low === undefined
      ? `${plural(count, 'frame')} available`
      : `${plural(count, 'frame')} available, trimming below ${number(low)}`,
  noSwap: 'This machine has no swap.',
  slotLabel: (slot: number, references: number) =>
    references === 0 ? `Slot ${slot}, free` : `Slot ${slot}, ${plural(references, 'reference')}`,
  pageCell: (page: number, state: string, where: string) => `Page ${page}: ${state}${where}`,
  inFrame: (frame: number) => `, frame ${frame}`,
  inSlot: (slot: number) => `, slot ${slot}`,
  pagesSelected: (first: number, last: number) => `; pages ${first} to ${last} are selected`,
  frameCell: (frame: number, state: string, holds: string) => `Frame ${frame}: ${state}${holds}`,
  frameHolds: (page: number, names: readonly string[], shares: number) =>
    `, page ${page}${names.length > 0 ? ` of ${names.join(', ')}` : ''}${shares > 1 ? `, shared by ${shares}` : ''}`,
  pageNumber: (page: number) => `p${page}`,
  frameNumber: (frame: number) => `f${frame}`,
  slotNumber: (slot: number) => `s${slot}`,
  journeys: { copy: 'copy', eviction: 'to swap', 'read-in': 'from swap' },
  protectedShort: { 'zero-page': 'zero', directory: 'dir', table: 'table' },
  protectedKinds: {
    'zero-page': 'the zero page',
    directory: 'page directory',
    table: 'page table',
  },
};
