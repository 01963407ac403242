// Chooses the page tables that stand side by side: that of the selected process, those of its nearest relatives, which may
// share pages with it, and those that the visitor put beside it.

import { batch, computed, effect, signal } from '@preact/signals';
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
export const MOST_TABLES = 4;

/** What the visitor put beside the selected table, and took away from it, by the name of the process. */
const put = signal<ReadonlyMap<string, boolean>>(new Map());

effect(() => {
  // The processes of another machine are others, whatever their names.
  if (observed.machine.value === undefined) put.value = new Map();
});

/** Relatives of a process, the nearest first: its parent, its children, and then the rest of its family. */
function relativesOf<Row extends Relative>(rows: readonly Row[], of: Row): Row[] {
  const distance = (row: Row) => {
    if (row.index === of.parent) return 0;
    return row.parent === of.index ? 1 : 2;
  };
  return rows
    .filter((row) => row.index !== of.index && row.family === of.family)
    .sort((a, b) => distance(a) - distance(b));
}

type Relative = Pick<ProcessRow, 'index' | 'parent' | 'family'>;

export const tablesShown = computed(() => {
  const living = observed.processes.value.filter(isAlive);
  const selected = observed.selected.value;
  const chosen = living.filter(({ name }) => name === selected?.name || put.value.get(name));
  const relatives = selected === undefined ? [] : relativesOf(living, selected);
  const more = relatives.filter(({ name }) => !put.value.has(name));
  const room = Math.max(0, MOST_TABLES - chosen.length);
  const shown = new Set([...chosen, ...more.slice(0, room)]);
  return living.filter((row) => shown.has(row));
});

export function isBeside(name: string): boolean {
  return tablesShown.value.some((row) => row.name === name);
}

/** Puts a process's table beside the selected one's, or takes it away. Of too many the one put first is taken away. */
export function toggleBeside(name: string): void {
  const next = new Map(put.value);
  const isShown = isBeside(name);
  next.delete(name);
  next.set(name, !isShown);
  const beside = [...next].filter(([other, is]) => is && other !== observed.selected.value?.name);
  if (beside.length >= MOST_TABLES) next.delete(beside[0]?.[0] ?? '');
  put.value = next;
}

/** Selects a page of a table; the tables that are shown stay. */
export function selectIn({ name }: ProcessRow, page: number): void {
  batch(() => {
    const before = observed.selected.value?.name;
    if (before !== name) {
      const shown = tablesShown.value.filter((row) => row.name !== name);
      put.value = new Map([...put.value, ...shown.map((row) => [row.name, true] as const)]);
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
