// Keeps the scenarios that the visitor has worked on in the browser, so that a preset, a link, a reload or a closed tab
// takes nothing away. A scenario that was only looked at is not kept: it is where it came from.

import { computed, signal } from '@preact/signals';
import type { Scenario } from '../../generated/types.d.ts';
import { type Draft, draftOf, draftsOn, putDraft, type Shelf } from '../../share/draft-shelf.ts';
import { embedded } from '../page/shown-panels.ts';
import { scriptOf, textOf } from '../script/document.ts';

/** In the session of a tab: its own name, and whether it shows its own draft. */
const TAB = 'faultline.tab';
const SHOWN = 'faultline.own-work';

function storage(kind: 'localStorage' | 'sessionStorage'): Storage | undefined {
  try {
    // Part of another's page, it keeps nothing there.
    return embedded ? undefined : globalThis[kind];
  } catch {
    // Forbidden: what is built lasts as long as the page.
    return undefined;
  }
}

const shelf: Shelf | undefined = storage('localStorage');
const session = storage('sessionStorage');

function attempt<Result>(body: () => Result): Result | undefined {
  try {
    return body();
  } catch {
    return undefined;
  }
}

/** A tab keeps its name when it is loaded again. One that was duplicated takes another: two may not write one. */
function tabName(): string {
  const isAgain = performance.getEntriesByType('navigation').some((entry) => {
    const { type } = entry as PerformanceNavigationTiming;
    return type === 'reload' || type === 'back_forward';
  });
  const known = attempt(() => session?.getItem(TAB));
  if (known && isAgain) return known;
  const name = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  if (known) attempt(() => session?.removeItem(SHOWN));
  attempt(() => session?.setItem(TAB, name));
  return name;
}

const tab = tabName();
const kept = signal<readonly Draft[]>(
  shelf === undefined ? [] : (attempt(() => draftsOn(shelf)) ?? []),
);
/** What this page has built, if the browser keeps nothing. */
const unkept = signal<Draft | undefined>(undefined);

/** The browser refuses to keep what was built. */
export const cannotKeep = computed(() => unkept.value !== undefined);

function scenarioOf({ text }: Draft): Scenario | undefined {
  const found: unknown = attempt(() => JSON.parse(text));
  return typeof found === 'object' && found !== null && 'faultline' in found
    ? (found as Scenario)
    : undefined;
}

/** What was worked on, in whichever tab, the latest first. */
export const drafts = computed<readonly Scenario[]>(() =>
  [...(unkept.value === undefined ? [] : [unkept.value]), ...kept.value].flatMap((draft) => {
    const scenario = scenarioOf(draft);
    return scenario === undefined ? [] : [scenario];
  }),
);

export function keepDraft(scenario: Scenario): void {
  if (scriptOf(scenario).length === 0 || embedded) return;
  const draft = { tab, text: textOf(scenario), address: location.hash, at: Date.now() };
  const isKept = attempt(() => shelf !== undefined && putDraft(shelf, draft)) === true;
  unkept.value = isKept ? undefined : draft;
  if (shelf !== undefined) kept.value = attempt(() => draftsOn(shelf)) ?? kept.value;
  attempt(() => session?.setItem(SHOWN, '1'));
}

/** Something else is looked at now: a reload is to come back to that, and not to this tab's own draft. */
export function leaveDraft(): void {
  attempt(() => session?.removeItem(SHOWN));
}

/** After a reload: the draft that stood at this address in this tab. */
export function interruptedDraft(): string | undefined {
  const own = attempt(() => (shelf === undefined ? undefined : draftOf(shelf, tab)));
  if (own === undefined || own.address !== location.hash) return undefined;
  return attempt(() => session?.getItem(SHOWN)) === '1' ? own.text : undefined;
}

/** The address of the same draft has changed: it was shared. */
export function draftMoved(): void {
  const own = attempt(() => (shelf === undefined ? undefined : draftOf(shelf, tab)));
  if (own === undefined || attempt(() => session?.getItem(SHOWN)) !== '1') return;
  attempt(() => shelf !== undefined && putDraft(shelf, { ...own, address: location.hash }));
}
