// Holds which dialog is open: one at a time.

import { signal } from '@preact/signals';

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

export function closeDialog(): void {
  dialog.value = undefined;
}
