// What of the page is shown: all of it, or as part of another's page the panels that one asks for; and which
// panels are folded.

import { signal } from '@preact/signals';

export const PANELS = [
  'processes',
  'actions',
  'virtual',
  'physical',
  'swap',
  'inspector',
  'script',
  'counters',
  'tape',
  'faults',
] as const;
export type PanelName = (typeof PANELS)[number];

/** Words that a host may use for a panel. */
const ALSO: Readonly<Record<string, PanelName>> = { pages: 'virtual', frames: 'physical' };

/** What an embedded page shows when it is not told. */
export const EMBEDDED: readonly PanelName[] = ['virtual', 'physical', 'script'];

export function panelsNamed(list: string): PanelName[] {
  const names = list.split(/[,.]/).map((word) => ALSO[word.trim()] ?? word.trim());
  return PANELS.filter((panel) => names.includes(panel));
}

const asked = new URLSearchParams(globalThis.location?.search ?? '');

/** Whether the page is part of another's page: then it writes no address, and keeps nothing. */
export const embedded: boolean = asked.has('embed') && asked.get('embed') !== '0';

function shownPanels(): readonly PanelName[] {
  if (!embedded) return PANELS;
  const chosen = panelsNamed(asked.get('panels') ?? '');
  return chosen.length > 0 ? chosen : EMBEDDED;
}

const shown = new Set<PanelName>(shownPanels());

export function isShown(panel: PanelName): boolean {
  return shown.has(panel);
}

/** The folded panels, by name. */
export const folded = signal<ReadonlySet<string>>(new Set());

export function fold(panel: string, isFolded: boolean): void {
  const next = new Set(folded.value);
  if (isFolded) next.add(panel);
  else next.delete(panel);
  folded.value = next;
}

/** Exactly these panels are folded; names of others are passed over. */
export function foldOnly(panels: readonly string[]): void {
  folded.value = new Set(panels.filter((panel) => PANELS.includes(panel as PanelName)));
}
