// Chooses the page tables that stand side by side: that of the selected process, and those that were put beside it.

import { batch, computed, signal } from '@preact/signals';
import type { MachineViews } from '../../engine/views.ts';
import { decodePte } from '../../engine/words.ts';
import { TABLE_ENTRIES } from '../../generated/machine.ts';
import {
  hoveredFrame,
  hoveredPage,
  looking,
  selectedFrame,
  selectedPage,
  selectPage,
  selectProcess,
} from '../page/selection.ts';
import { isAlive, readWord } from './grid-reader.ts';
import { observed, type ProcessRow } from './observation.ts';

/** More than this side by side are too narrow to be read. */
const MOST_BESIDE = 3;

const beside = signal<readonly string[]>([]);

export const tablesShown = computed(() =>
  observed.processes.value.filter(
    (row) =>
      isAlive(row) &&
      (row.name === observed.selected.value?.name || beside.value.includes(row.name)),
  ),
);

export function isBeside(name: string): boolean {
  return beside.value.includes(name);
}

/** Puts a process's table beside the selected one's, or takes it away. */
export function toggleBeside(name: string): void {
  beside.value = isBeside(name)
    ? beside.value.filter((other) => other !== name)
    : [...beside.value, name].slice(-MOST_BESIDE);
}

/** Selects a page of a table; the process that was selected stays beside it. */
export function selectIn({ name }: ProcessRow, page: number): void {
  batch(() => {
    const before = observed.selected.value?.name;
    if (before !== undefined && before !== name) {
      const others = beside.value.filter((other) => other !== name && other !== before);
      beside.value = [...others, before].slice(-MOST_BESIDE);
    }
    // What was pointed at in a table beside is pointed at in the selected one now.
    if (before !== name) hoveredFrame.value = -1;
    selectProcess(name);
    selectPage(page);
  });
}

/** What is pointed at, else selected: a page, and the frame or slot that it is in. */
interface SoughtPage {
  readonly page: number;
  readonly in: 'frame' | 'slot';
  readonly number: number;
}

function ofPage(machine: MachineViews, row: ProcessRow, page: number): SoughtPage | undefined {
  if (page < 0 || page >= row.pages) return undefined;
  const { low, high } = readWord(machine, row, page);
  const pte = decodePte(low, high);
  if (pte.state === 'zero') return undefined;
  return { page, in: pte.state === 'swapped' ? 'slot' : 'frame', number: pte.number };
}

export function sought(): SoughtPage | undefined {
  const machine = observed.machine.value;
  const row = observed.selected.value;
  if (machine === undefined) return undefined;
  const hovered = hoveredPage.value;
  if (row !== undefined && hovered >= 0) return ofPage(machine, row, hovered);
  const frame =
    hoveredFrame.value >= 0
      ? hoveredFrame.value
      : looking.value === 'frame'
        ? selectedFrame.value
        : -1;
  if (frame >= 0 && frame < machine.layout.frames) {
    const entry = machine.frame(frame);
    return entry.protectedKind === null
      ? { page: entry.page, in: 'frame', number: frame }
      : undefined;
  }
  return row === undefined ? undefined : ofPage(machine, row, selectedPage.value);
}

/** The page of a process that maps what is sought, or -1: sharers have it at the same number. */
export function mapsSought(
  machine: MachineViews,
  row: ProcessRow,
  target: SoughtPage | undefined,
): number {
  if (target === undefined) return -1;
  const own = ofPage(machine, row, target.page);
  return own?.in === target.in && own.number === target.number ? target.page : -1;
}

/** The frames of a process's radix tree: its directory, and the tables that it has, in order. */
export function radixOf(
  machine: MachineViews,
  row: ProcessRow,
): { directory: number; tables: number[] } {
  const tables: number[] = [];
  for (let first = 0; first < row.pages; first += TABLE_ENTRIES) {
    const table = machine.tableOf(row.index, first);
    if (table !== null) tables.push(table);
  }
  return { directory: row.directory, tables };
}
