// Describes cells in words, for the readouts and for screen readers: the selected one, or the one under the pointer.

import { pteLook } from '../../draw/looks.ts';
import { decodePte } from '../../engine/words.ts';
import { FRAME_STATES } from '../../generated/machine.ts';
import { text } from '../../text/text.ts';
import { isAlive, readWord, type Word } from './grid-reader.ts';
import { observed, type ProcessRow } from './observation.ts';

/** The processes whose own PTE for this page refers to a frame. */
export function mappersOf(frame: number, page: number, family: number): ProcessRow[] {
  const machine = observed.machine.value;
  if (machine === undefined) return [];
  return observed.processes.value.filter((row) => {
    if (!isAlive(row) || row.family !== family || page >= row.pages) return false;
    const { low, high } = readWord(machine, row, page);
    const pte = decodePte(low, high);
    return (pte.state === 'valid' || pte.state === 'transition') && pte.number === frame;
  });
}

export function describePage(page: number, row = observed.selected.value): string {
  const machine = observed.machine.value;
  if (machine === undefined || row === undefined) return '';
  const { low, high } = readWord(machine, row, page);
  const pte = decodePte(low, high);
  const where =
    pte.state === 'zero'
      ? ''
      : pte.state === 'swapped'
        ? text.inSlot(pte.number)
        : text.inFrame(pte.number);
  return text.pageCell(page, text.pageStates[pteLook(low) & 7] ?? '', where);
}

export function describeFrame(frame: number): string {
  const machine = observed.machine.value;
  if (machine === undefined || frame < 0 || frame >= machine.layout.frames) return '';
  const entry = machine.frame(frame);
  const state = text.frameStates[FRAME_STATES.indexOf(entry.state)] ?? entry.state;
  if (entry.protectedKind !== null) {
    const owner = observed.processes.value.find(({ index }) => index === entry.process);
    return text.frameCell(
      frame,
      state,
      `, ${text.protectedKinds[entry.protectedKind]}${owner === undefined ? '' : ` of ${owner.name}`}`,
    );
  }
  if (entry.state === 'free' || entry.state === 'zeroed') return text.frameCell(frame, state, '');
  const names = mappersOf(frame, entry.page, entry.family).map(({ name }) => name);
  return text.frameCell(frame, state, text.frameHolds(entry.page, names, entry.shares));
}

/** For a large cell: the frame or slot that a PTE names. */
export function captionOfPage({ low, high }: Word): string {
  const { state, number } = decodePte(low, high);
  if (state === 'zero') return '';
  return state === 'swapped' ? text.slotNumber(number) : text.frameNumber(number);
}

/** For a large cell: the page that a frame holds. */
export function captionOfFrame(frame: number): string {
  const entry = observed.machine.value?.frame(frame);
  if (entry === undefined || entry.state === 'free' || entry.state === 'zeroed') return '';
  if (entry.protectedKind !== null) return text.protectedShort[entry.protectedKind];
  return text.pageNumber(entry.page);
}

/** For a large cell of the swap: how many PTEs and frames refer to the slot, if more than one does. */
export function captionOfSlot(index: number): string {
  const count = observed.machine.value?.slotCount(index + 1) ?? 0;
  return count > 1 ? String(count) : '';
}

export function describeSlot(index: number): string {
  const machine = observed.machine.value;
  if (machine === undefined || index < 0) return '';
  return text.slotLabel(index + 1, machine.slotCount(index + 1));
}
