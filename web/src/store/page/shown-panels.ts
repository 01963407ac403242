// Holds which panels are shown, all or, in another's page, those that it asks for, and which of them are folded.

import { signal } from '@preact/signals';
import { ALSO_PANELS, PANELS, type PanelName } from '../../../../element/src/protocol.ts';

export { PANELS, type PanelName };

/** What an embedded page shows when it is not told. */
export const EMBEDDED: readonly PanelName[] = ['virtual', 'physical', 'script'];

function panelsNamed(list: string): PanelName[] {
  const names = list.split(/[,.]/).map((word) => ALSO_PANELS[word.trim()] ?? word.trim());
  return PANELS.filter((panel) => names.includes(panel));
}

const asked = new URLSearchParams(globalThis.location?.search ?? '');

/** Whether the page is part of another's page: then it writes no address, and keeps nothing. */
export const embedded: boolean = asked.has('embed') && asked.get('embed') !== '0';

/** What the page around an embedded one asks for, besides panels. */
interface EmbedWish {
  /** The theme of the page around it; as the reader's system has it if it is not said. */
  readonly theme?: 'dark' | 'light';
  /** After how many lines it stands at first; as its link says if it is not said. */
  readonly at?: number;
  /** Whether it plays by itself. */
  readonly plays: boolean;
  /** The origin of the page around it, if that says what to open and do. */
  readonly host?: string;
}

/** An origin as browsers write it. That of a page without one of its own, such as a file, is `null`. */
function originIn(said: string | null): string | undefined {
  if (said === null || said === 'null') return said ?? undefined;
  return URL.canParse(said) && new URL(said).origin === said ? said : undefined;
}

/** Reads what an embedded page's address asks for; what is not understood is not asked for. */
export function embedWish(query: URLSearchParams): EmbedWish {
  const theme = (['dark', 'light'] as const).find((one) => one === query.get('theme'));
  const plays = query.has('autoplay') && query.get('autoplay') !== '0';
  const at = query.get('at') ?? (plays ? 'start' : '');
  const lines = { start: 0, end: Number.POSITIVE_INFINITY }[at] ?? Number.parseInt(at, 10);
  const isPlace = at === 'start' || at === 'end' || /^\d{1,9}$/.test(at);
  const host = originIn(query.get('host'));
  return {
    plays,
    ...(theme !== undefined && { theme }),
    ...(isPlace && { at: lines }),
    ...(host !== undefined && { host }),
  };
}

export const wished: EmbedWish = embedded ? embedWish(asked) : { plays: false };

function shownPanels(): readonly PanelName[] {
  if (!embedded) return PANELS;
  const chosen = panelsNamed(asked.get('panels') ?? '');
  return chosen.length > 0 ? chosen : EMBEDDED;
}

const shown = new Set<PanelName>(shownPanels());

export function isShown(panel: PanelName): boolean {
  return shown.has(panel);
}

/** The panels of the deck, as its tabs stand; so many of them are open at most, side by side. */
export const DECK: readonly PanelName[] = [
  ...(['tape', 'faults', 'timing', 'locks', 'replacement', 'counters'] as const),
];
const MOST_IN_DECK = 2;

/** Panels that are folded until somebody asks for them. */
const USUALLY_FOLDED: readonly PanelName[] = ['faults', 'timing', 'locks', 'replacement'];

/** The state whose frames are shown in the order of their lists; -1 for none. */
export const openedList = signal(-1);

/** The folded panels, by name. */
export const folded = signal<ReadonlySet<string>>(new Set(embedded ? [] : USUALLY_FOLDED));

/** Whether a panel is to be seen: what is read for it alone is not read for nothing. */
export function isOpen(panel: PanelName): boolean {
  return isShown(panel) && !folded.peek().has(panel);
}

/** The open panels of the deck, the one that was asked for last at the end. */
let openInDeck: readonly PanelName[] = ['counters', 'tape'];

/** Folds these, and of the deck all but those that were asked for last. */
function settle(panels: ReadonlySet<string>, wanted: readonly PanelName[]): void {
  if (embedded) {
    folded.value = panels;
    return;
  }
  openInDeck = wanted.filter((name) => !panels.has(name)).slice(-MOST_IN_DECK);
  const others = [...panels].filter((name) => !DECK.includes(name as PanelName));
  folded.value = new Set([...others, ...DECK.filter((name) => !openInDeck.includes(name))]);
}

export function fold(panel: string, isFolded: boolean): void {
  const next = new Set(folded.value);
  if (isFolded) next.add(panel);
  else next.delete(panel);
  const others = openInDeck.filter((name) => name !== panel);
  settle(next, [...others, ...DECK.filter((name) => name === panel)]);
}

/** Exactly these panels are folded; names of others are passed over. */
export function foldOnly(panels: readonly string[]): void {
  const closed = new Set(panels.filter((panel) => PANELS.includes(panel as PanelName)));
  // Where more are open than the deck has room for, those stay that usually are not.
  const usual = DECK.filter((name) => !USUALLY_FOLDED.includes(name)).reverse();
  settle(closed, [...usual, ...USUALLY_FOLDED]);
}

/** Folds what a link says is folded, and of those that usually are so what it does not say is open. */
export function foldAsSaid(said: {
  readonly folded?: readonly string[];
  readonly opened?: readonly string[];
}): void {
  const { folded: closed = [], opened = [] } = said;
  foldOnly([...closed, ...USUALLY_FOLDED.filter((name) => !opened.includes(name))]);
}

/** The same as a link says it: only what is not as usual. */
export function foldedAsSaid(): { folded?: string[]; opened?: string[] } {
  const usual = new Set<string>(USUALLY_FOLDED);
  const closed = [...folded.value].filter((name) => !usual.has(name));
  const opened = USUALLY_FOLDED.filter((name) => !folded.value.has(name));
  return {
    ...(closed.length > 0 && { folded: closed }),
    ...(opened.length > 0 && { opened }),
  };
}
