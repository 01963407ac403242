// Finds the wires between page tables and memory: in each table that is shown from one page, the selected one or the one
// that is pointed at, to the frame or slot that its PTE names. The wire of a page that is being copied is held by the copy.

import type { MachineViews } from '../../engine/views.ts';
import { decodePte, type Pte } from '../../engine/words.ts';
import { readWord } from '../machine/grid-reader.ts';
import { observed, type ProcessRow } from '../machine/observation.ts';
import { tablesShown } from '../machine/page-tables.ts';
import {
  hoveredFrame,
  hoveredPage,
  looking,
  selectedFrame,
  selectedPage,
} from '../page/selection.ts';
import type { CellAddress, Flight } from './animations.ts';
import { presentation } from './presentation.ts';

/** How a PTE refers: so that its program may write, so that it may not, or so that the next access faults. */
export type WireKind = 'writable' | 'read-only' | 'faulting';

export interface Wire {
  readonly process: number;
  readonly isSelected: boolean;
  readonly page: number;
  readonly to: CellAddress;
  readonly kind: WireKind;
  /** The copy that the page is about to be mapped to, on its way. */
  readonly copy: (Flight & { progress: number }) | undefined;
}

function kindOf({ state, inTransit, writable }: Pte): WireKind {
  if (state !== 'valid' || inTransit) return 'faulting';
  return writable ? 'writable' : 'read-only';
}

function targetOf({ state, number }: Pte): CellAddress | undefined {
  if (state === 'zero') return undefined;
  return state === 'swapped'
    ? { grid: 'slots', index: number - 1 }
    : { grid: 'frames', index: number };
}

/** The page that is pointed at, else selected, and the frame if it was that. */
function subject(machine: MachineViews): { page: number; frame?: number } | undefined {
  if (hoveredPage.value >= 0) return { page: hoveredPage.value };
  const chosen = looking.value === 'frame' ? selectedFrame.value : -1;
  const frame = hoveredFrame.value >= 0 ? hoveredFrame.value : chosen;
  if (frame < 0 || frame >= machine.layout.frames) return { page: selectedPage.value };
  const entry = machine.frame(frame);
  const isEmpty = entry.state === 'free' || entry.state === 'zeroed';
  return isEmpty || entry.protectedKind !== null ? undefined : { page: entry.page, frame };
}

function wireOf(machine: MachineViews, row: ProcessRow, page: number): Wire | undefined {
  if (page >= row.pages) return undefined;
  const live = readWord(machine, row, page);
  const { low, high } = presentation.word(row.index, page, live);
  const pte = decodePte(low, high);
  const to = targetOf(pte);
  const copy = presentation
    .flights()
    .find((flight) => flight.page?.index === page && flight.page.process === row.index);
  if (to === undefined) return undefined;
  const isSelected = row.name === observed.selected.value?.name;
  return { process: row.index, isSelected, page, to, kind: kindOf(pte), copy };
}

export function wires(): Wire[] {
  const machine = observed.machine.value;
  const of = machine && subject(machine);
  if (machine === undefined || of === undefined) return [];
  return tablesShown.value.flatMap((row) => {
    const wire = wireOf(machine, row, of.page);
    if (wire === undefined) return [];
    const isMeant =
      of.frame === undefined || (wire.to.grid === 'frames' && wire.to.index === of.frame);
    return isMeant ? [wire] : [];
  });
}
