// Holds how the room of the window is shared out: in which layout, which panel has all of it, whether somebody
// presents, and what the narrow layouts show of what has no room beside the rest.

import { computed, effect, type Signal, signal } from '@preact/signals';
import { DECK, embedded, fold, folded, isShown, PANELS, type PanelName } from './shown-panels.ts';

/** Whether a media query holds, now and whenever that changes. */
function mediaHolds(query: string): Signal<boolean> {
  const list = globalThis.matchMedia?.(query);
  const holds = signal(list?.matches ?? false);
  list?.addEventListener('change', () => {
    holds.value = list.matches;
  });
  return holds;
}

// The style sheets have the same measures.
/** One column: a telephone. */
export const isStacked = mediaHolds('(max-width: 639px)');
/** A bench with one side, whose panels are behind tabs: a tablet, or a page at 200 %. */
export const isCompact = mediaHolds('(min-width: 640px) and (max-width: 979px)');
/** Controls are for fingers. */
export const isForFingers = mediaHolds('(max-width: 639px), (pointer: coarse)');
/** Too low for a deck below the grids: its panels are opened at the size of the bench. */
export const isLow = mediaHolds('(min-width: 640px) and (max-height: 599px)');

/** Too low for all that a lesson says: its text scrolls. */
export const isTooLowForLessons = mediaHolds('(min-width: 640px) and (max-height: 819px)');

/** The panel that has all the room. */
export const maximised = signal<PanelName | undefined>(undefined);

/** What is no more than a bar has nothing to fill the room with. */
export const canBeMaximised = (panel: string): panel is PanelName =>
  panel !== 'actions' && PANELS.includes(panel as PanelName) && !embedded;

export function maximise(panel: string): void {
  if (!canBeMaximised(panel) || !isShown(panel)) return;
  if (maximised.value === panel) {
    maximised.value = undefined;
    return;
  }
  if (folded.value.has(panel)) fold(panel, false);
  maximised.value = panel;
}

/** The panel that is meant: the one with the focus, else the one under the pointer, else the frames. */
export function panelMeant(): PanelName {
  const holder = document.activeElement?.closest('[data-panel]');
  const near = holder ?? [...document.querySelectorAll('[data-panel]:hover')].at(-1);
  const name = near?.getAttribute('data-panel') ?? '';
  return maximised.value ?? (canBeMaximised(name) ? name : 'physical');
}

export type Area = 'left' | 'centre' | 'right' | 'deck';

/** Where on the bench a panel stands. */
export function areaOf(panel: PanelName): Area {
  if (DECK.includes(panel)) return 'deck';
  if (panel === 'processes') return 'left';
  return panel === 'inspector' || panel === 'script' ? 'right' : 'centre';
}

/** Whether the page is shown to a room: large words, three panels, and the keys of a clicker. */
export const presenting = signal(false);

/** The panels that a compact bench has at its side, one at a time. */
export const SIDES = ['processes', 'inspector', 'script'] as const;
export const side = signal<(typeof SIDES)[number]>('processes');

/** Whether the sheet about the selected cell is open, where the inspector has no place. */
export const sheetOpen = signal(false);

/** Brings what is said of a cell to where it can be seen: called when a cell is chosen by a pointer or by Enter. */
export function showCell(): void {
  if (isStacked.value && !embedded) sheetOpen.value = true;
  if (isCompact.value) side.value = 'inspector';
}

/** Whether there is anything to go back from. */
export const canLeave = computed(
  () => sheetOpen.value || maximised.value !== undefined || presenting.value,
);

/** Goes back by one: from the sheet, from a panel that has all the room, from presenting. */
export function leave(): void {
  if (sheetOpen.value) sheetOpen.value = false;
  else if (maximised.value !== undefined) maximised.value = undefined;
  else presenting.value = false;
}

// A panel that is folded has no room, and a sheet stands only where there is one column.
effect(() => {
  if (maximised.value !== undefined && folded.value.has(maximised.value)) {
    maximised.value = undefined;
  }
});
effect(() => {
  if (!isStacked.value) sheetOpen.value = false;
});
