// Keeps what was opened in the browser's history, so that Back and Forward go through it, and a reload comes back to
// where one was: each entry has the scenario and the place in its run.

import type { Place } from '../../share/link.ts';
import { embedded } from '../page/shown-panels.ts';
import { scenario } from '../run/open-machine.ts';
import { textOf } from '../script/document.ts';

/** What an entry holds. */
export interface Visited {
  readonly text: string;
  readonly place: Place;
}

/** As it stands in the state of an entry, beside whatever else may stand there. */
const KEY = 'faultline';
/** A browser may refuse more than this, and larger scenarios are kept as drafts all the same. */
const LARGEST = 512 * 1024;

/** A state is read as one reads what another program wrote. */
export function visitedIn(state: unknown): Visited | undefined {
  if (typeof state !== 'object' || state === null || !(KEY in state)) return undefined;
  const kept = state[KEY];
  if (typeof kept !== 'object' || kept === null || !('text' in kept) || !('place' in kept)) {
    return undefined;
  }
  const { text, place } = kept;
  if (typeof text !== 'string' || typeof place !== 'object' || place === null) return undefined;
  return { text, place };
}

/** What the present entry holds. */
export function visitedNow(): Visited | undefined {
  return embedded ? undefined : visitedIn(history.state);
}

let texts: { readonly of: unknown; readonly text: string } | undefined;

function stateOf(place: Place): object | null {
  if (texts?.of !== scenario.value) texts = { of: scenario.value, text: textOf(scenario.value) };
  const { text } = texts;
  return text.length > LARGEST ? null : { [KEY]: { text, place } };
}

/** Writes into the present entry what the page shows now. */
export function keepVisited(place: Place): void {
  if (embedded) return;
  try {
    history.replaceState(stateOf(place), '');
  } catch {
    // A browser that is asked too often, or has no room: the entry stays as it was.
  }
}

/** Begins an entry for something else that is about to be opened; its address has no scenario of its own. */
export function beginVisit(): void {
  if (embedded) return;
  try {
    history.pushState(null, '', location.pathname + location.search);
  } catch {
    // It opens all the same, in the same entry.
  }
}

/** In the tab's storage while the page is loaded again: its address and the state of its entry. */
const RELOADED = 'faultline.reloaded';

/** Keeps in the tab too what the entry holds, when the page may be about to be loaded again. */
export function keepForReload(): void {
  try {
    const { state } = history;
    sessionStorage.setItem(RELOADED, JSON.stringify({ address: location.href, state }));
  } catch {
    // No room, or no storage: most browsers keep the entry all the same.
  }
}

/**
 * Gives the entry what it held before the page was loaded again. Chromium forgets that where the page is isolated now and
 * was not before, because another process has it then.
 */
export function restoreVisited(): void {
  if (embedded) return;
  try {
    const kept = sessionStorage.getItem(RELOADED);
    sessionStorage.removeItem(RELOADED);
    const [navigation] = performance.getEntriesByType('navigation');
    const isReload =
      navigation instanceof PerformanceNavigationTiming && navigation.type === 'reload';
    if (kept === null || !isReload || history.state !== null) return;
    const { address, state } = JSON.parse(kept);
    if (address === location.href) history.replaceState(state, '');
  } catch {
    // It opens as one that comes anew.
  }
}
