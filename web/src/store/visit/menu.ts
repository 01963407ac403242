// Builds the context menu: what can be done to a page, a frame, a slot or a process. Opening it selects its subject, so
// that its entries are the commands that every key does.

import { signal } from '@preact/signals';
import { decodePte } from '../../engine/words.ts';
import { text } from '../../text/text.ts';
import type { Command } from '../../types/command.ts';
import { mappersOf } from '../machine/describe.ts';
import { isAlive, readWord } from '../machine/grid-reader.ts';
import { observed, type ProcessRow } from '../machine/observation.ts';
import { keyOf } from '../page/keys.ts';
import { selectedPages, selectFrame, selectPage, selectProcess } from '../page/selection.ts';
import { invoke, isPossible, say } from './commands.ts';

export interface Entry {
  readonly label: string;
  readonly key?: string | undefined;
  readonly isPossible: boolean;
  readonly run: () => void;
}

/** Groups of entries at a place of the window. */
export interface Menu {
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly groups: readonly (readonly Entry[])[];
}

export const menu = signal<Menu | undefined>(undefined);

export interface Spot {
  readonly x: number;
  readonly y: number;
}

function entries(...commands: Command[]): Entry[] {
  return commands.map((command) => ({
    label: text.actions[command],
    key: keyOf(command)?.label,
    isPossible: isPossible(command),
    run: () => invoke(command),
  }));
}

const onPages = () => entries('write', 'read', 'evict', 'unmap', 'run', 'expect');

/** Past so many CPUs the palette is the better way. */
const MOST_CPUS = 8;

export function openPageMenu(page: number, { x, y }: Spot): void {
  const { first, last } = selectedPages.value;
  // A menu within the selection is about all of it.
  if (page < first || page > last) selectPage(page);
  const process = observed.selected.value?.name;
  if (process === undefined) return;
  const pages = selectedPages.value;
  const title = text.menu.page(pages.first, pages.last, process);
  menu.value = { title, x, y, groups: [onPages(), entries('why', 'together')] };
}

export function openProcessMenu(name: string, { x, y }: Spot): void {
  selectProcess(name);
  const cpus = observed.machine.value?.layout.cpus ?? 1;
  const switches: Entry[] =
    cpus > MOST_CPUS
      ? entries('switch')
      : Array.from({ length: cpus }, (_, cpu) => ({
          label: text.menu.toCpu(cpu),
          key: cpu === 0 ? keyOf('switch')?.label : undefined,
          isPossible: isPossible('switch'),
          run: () => switchTo(name, cpu),
        }));
  const groups = [entries('fork', 'sleep', 'wake', 'kill'), switches, entries('map', 'run')];
  menu.value = { title: text.menu.process(name), x, y, groups };
}

export function switchTo(process: string, cpu: number): void {
  void say(`switch ${JSON.stringify(process)} to ${cpu}`);
}

/** The pages that refer to a frame or a slot, each to be chosen; what can be done is done to the first. */
function openReferers(
  title: string,
  referers: readonly Referer[],
  { x, y }: Spot,
  history: readonly (readonly Entry[])[] = [],
): void {
  const [first] = referers;
  if (first === undefined) {
    const nothing: Entry = { label: text.menu.holdsNothing, isPossible: false, run: () => {} };
    menu.value = { title, x, y, groups: [[nothing], ...history] };
    return;
  }
  const choose = ({ row, page }: Referer) => {
    selectProcess(row.name);
    selectPage(page);
  };
  const others = referers.slice(0, MOST_CPUS).map((referer) => ({
    label: text.menu.select(referer.page, referer.row.name),
    isPossible: true,
    run: () => choose(referer),
  }));
  choose(first);
  const about = `${title} · ${text.menu.select(first.page, first.row.name)}`;
  menu.value = {
    title: about,
    x,
    y,
    groups: [onPages(), ...history, ...(others.length > 1 ? [others] : [])],
  };
}

interface Referer {
  readonly row: ProcessRow;
  readonly page: number;
}

export function openFrameMenu(frame: number, spot: Spot): void {
  const entry = observed.machine.value?.frame(frame);
  if (entry === undefined) return;
  const isHeld = entry.protectedKind === null && entry.state !== 'free' && entry.state !== 'zeroed';
  const rows = isHeld ? mappersOf(frame, entry.page, entry.family) : [];
  const referers = rows.map((row) => ({ row, page: entry.page }));
  openReferers(text.menu.frame(frame), referers, spot, [entries('why')]);
  selectFrame(frame);
}

/** The menu of a slot, counted from 1. */
export function openSlotMenu(slot: number, spot: Spot): void {
  const machine = observed.machine.value;
  if (machine === undefined) return;
  const referers: Referer[] = [];
  for (const row of observed.processes.value) {
    if (!isAlive(row)) continue;
    for (let page = 0; page < row.pages && referers.length < MOST_CPUS; page++) {
      const { low, high } = readWord(machine, row, page);
      const pte = decodePte(low, high);
      const inFrame = pte.state === 'valid' || pte.state === 'transition';
      const isHere =
        pte.state === 'swapped'
          ? pte.number === slot
          : inFrame && machine.frame(pte.number).slot === slot;
      if (isHere) referers.push({ row, page });
    }
  }
  openReferers(text.menu.slot(slot), referers, spot);
}
