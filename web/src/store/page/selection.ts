// Holds the selection: a process by name, and in it a page; or a frame, or a slot. It goes with the run until the visitor
// selects something.

import { batch, computed, signal } from '@preact/signals';

export type Looking = 'page' | 'frame';

export const selectedProcess = signal<string | undefined>(undefined);
export const selectedPage = signal(0);
/** The other end of a selection of several pages: where it began. */
const anchor = signal(0);
export const selectedFrame = signal(-1);
export const looking = signal<Looking>('page');
/** Whether the selection goes with the run: what is under way is selected, and tables scroll to it. */
export const following = signal(true);
/** The cell under the pointer, -1 for none. */
export const hoveredPage = signal(-1);
export const hoveredFrame = signal(-1);

/** The fault that is looked at, by where and when it began; the latest one if none. */
export const selectedFault = signal<{ readonly cpu: number; readonly begin: number } | undefined>(
  undefined,
);

export function isSelectedFault({ cpu, begin }: { cpu: number; begin: number }): boolean {
  const chosen = selectedFault.value;
  return chosen?.cpu === cpu && chosen.begin === begin;
}

/** The selected pages, the last included. */
export const selectedPages = computed(() => ({
  first: Math.min(anchor.value, selectedPage.value),
  last: Math.max(anchor.value, selectedPage.value),
}));

export function selectProcess(name: string): void {
  following.value = false;
  selectedProcess.value = name;
}

export function selectPage(page: number): void {
  following.value = false;
  showPage(page);
}

function showPage(page: number): void {
  batch(() => {
    selectedPage.value = page;
    anchor.value = page;
    looking.value = 'page';
  });
}

/** Selects every page from where the selection began to this one. */
export function selectPagesTo(page: number): void {
  batch(() => {
    following.value = false;
    selectedPage.value = page;
    looking.value = 'page';
  });
}

export function selectFrame(frame: number): void {
  batch(() => {
    following.value = false;
    selectedFrame.value = frame;
    looking.value = 'frame';
  });
}

/** A scenario that has just come has not been looked at, and is followed. */
export function lookNowhere(): void {
  batch(() => {
    following.value = true;
    selectedProcess.value = undefined;
    selectedPage.value = 0;
    anchor.value = 0;
    selectedFrame.value = -1;
    selectedFault.value = undefined;
    looking.value = 'page';
  });
}

/** Looks at what a line touched, whether the selection goes with the run or not. */
export function lookAt(touched: { process?: string; page?: number }): void {
  batch(() => {
    if (touched.process !== undefined) selectedProcess.value = touched.process;
    if (touched.page !== undefined) showPage(touched.page);
  });
}
