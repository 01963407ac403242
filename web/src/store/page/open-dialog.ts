// Holds which dialog is open: one at a time.

import { batch, signal } from '@preact/signals';

export type DialogName =
  | 'glossary'
  | 'keys'
  | 'palette'
  | 'edit'
  | 'words'
  | 'machine'
  | 'run'
  | 'presets'
  | 'traces'
  | 'curves'
  | 'pictures'
  | 'thrashing'
  | 'share'
  | 'report'
  | 'breakpoints'
  | 'go-to'
  | 'compare';

export const dialog = signal<DialogName | undefined>(undefined);

/** Counts the dialogs that have been opened: each is another, though it may have the same name. */
export const openings = signal(0);

export function openDialog(name: DialogName): void {
  batch(() => {
    dialog.value = name;
    openings.value++;
  });
}

export function closeDialog(): void {
  dialog.value = undefined;
}
