// Opens scenarios from the address and from files, after a check, and puts the shared scenario into the address.

import { batch, effect, signal } from '@preact/signals';
import { check, prepare } from '../../engine/client.ts';
import type { Problem, Scenario } from '../../generated/types.d.ts';
import { BrokenLink, type LinkFault } from '../../share/codec.ts';
import { readScenarioFile } from '../../share/file.ts';
import { type Place, readLink, writeLink } from '../../share/link.ts';
import { FIRST } from '../library/catalogue.ts';
import { draftMoved, interruptedDraft, keepDraft, leaveDraft } from '../library/drafts.ts';
import { closeDialog } from '../page/open-dialog.ts';
import {
  lookAt,
  looking,
  selectedFrame,
  selectedPage,
  selectedProcess,
} from '../page/selection.ts';
import { reducedMotion } from '../page/settings.ts';
import { embedded, foldAsSaid, folded, foldedAsSaid, wished } from '../page/shown-panels.ts';
import { problem, scenario, usable } from '../run/open-machine.ts';
import { cursor, playhead } from '../run/playhead.ts';
import { engineFailed, load } from '../run/session.ts';
import { play } from '../run/transport.ts';
import { EMPTY, scriptOf, textOf } from '../script/document.ts';
import { begin } from './lesson.ts';
import { isFirstVisit, isNewHere, STORY, welcome } from './story.ts';
import {
  beginVisit,
  keepForReload,
  keepVisited,
  type Visited,
  visitedIn,
  visitedNow,
} from './visited.ts';

/** What could not be read, and whether it came as a link or as a file. */
interface Unreadable {
  readonly fault: LinkFault;
  readonly detail: string;
  readonly from: 'link' | 'file';
  /** The name of the file. */
  readonly file?: string;
}

/** A text that was to be opened and cannot run, and the file that it came from. */
export const unread = signal<{ readonly text: string; readonly file?: string } | undefined>(
  undefined,
);

export const brokenLink = signal<Unreadable | undefined>(undefined);

/** Says no more why a link or a file was not opened. */
export function forgetRefusals(): void {
  batch(() => {
    brokenLink.value = undefined;
    problem.value = undefined;
    unread.value = undefined;
  });
}

/** Whether a text may run; if not, `onProblem` hears why. An engine that cannot even read it is a failure. */
export async function mayRun(
  text: string,
  onProblem: (problem: Problem) => void,
): Promise<boolean> {
  try {
    const found = await check(text);
    if (found !== null) onProblem(found);
    return found === null;
  } catch (error) {
    closeDialog();
    engineFailed(error);
    return false;
  }
}

/** Opens a text of unknown origin: checked before anything of it runs. True if it may run. */
async function openText(
  text: string,
  place: Place = {},
  file?: string,
  isVisit = false,
): Promise<boolean> {
  const isFine = await mayRun(text, (found) => {
    unread.value = { text, ...(file !== undefined && { file }) };
    problem.value = found;
  });
  if (!isFine) return false;
  const next = JSON.parse(text) as Scenario;
  if (isVisit) leaveVisit();
  if (place.folded !== undefined || place.opened !== undefined) foldAsSaid(place);
  const lines = Math.min(place.lines ?? Number.POSITIVE_INFINITY, scriptOf(next).length);
  if (await load(next, lines, place.event)) stand(place);
  return true;
}

/** Looks at what the sharer looked at. */
function stand({ process, page, frame }: Place): void {
  batch(() => {
    lookAt({ ...(process !== undefined && { process }), ...(page !== undefined && { page }) });
    if (frame === undefined) return;
    selectedFrame.value = frame;
    looking.value = 'frame';
  });
}

/** Where the viewer stands, as a link says it. */
function here(): Place {
  const total = scriptOf(scenario.value).length;
  const process = selectedProcess.value;
  const { events, under_way } = playhead.value;
  return {
    ...(cursor.value < total && { lines: cursor.value }),
    ...(under_way && { event: events }),
    ...(process !== undefined && { process }),
    ...(selectedPage.value > 0 && { page: selectedPage.value }),
    ...(looking.value === 'frame' && selectedFrame.value >= 0 && { frame: selectedFrame.value }),
    ...foldedAsSaid(),
  };
}

/** Whether anything has been opened: what comes next has an entry of its own in the browser's history. */
let hasVisited = false;

/** What is open is kept in its entry, and another one is begun. */
export function leaveVisit(): void {
  if (hasVisited) {
    keepVisited(here());
    beginVisit();
  }
  hasVisited = true;
}

/** Opens a scenario of the page's own: one that comes with it, or one that was kept. */
export function open(next: Scenario): Promise<boolean> {
  brokenLink.value = undefined;
  unread.value = undefined;
  leaveDraft();
  leaveVisit();
  return begin(next);
}

export function openFirstPreset(): Promise<boolean> {
  return open(FIRST);
}

export function openEmpty(): Promise<boolean> {
  return open(EMPTY);
}

async function reading<Result>(
  from: Unreadable['from'],
  body: () => Promise<Result>,
  file?: string,
): Promise<Result | undefined> {
  brokenLink.value = undefined;
  problem.value = undefined;
  unread.value = undefined;
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof BrokenLink)) throw error;
    brokenLink.value = {
      fault: error.fault,
      detail: error.detail,
      from,
      ...(file !== undefined && { file }),
    };
    return undefined;
  }
}

/** A place, but after so many lines. */
function standingAt({ event: _, ...place }: Place, lines: number): Place {
  return { ...place, lines };
}

/** The fragment of what is open, of which the whole page is one link away. */
export const carried = signal(location.hash);

/**
 * Opens what the page around this one hands over: a link, or a text and a place in its run; without either, the first
 * preset. False if it cannot run; `problem` and `brokenLink` say why.
 */
export async function openGiven(
  given: { readonly link: string } | { readonly text: string } | undefined,
  standing: Place,
): Promise<boolean> {
  const opened = await reading('link', async () => {
    const { text, place } =
      given === undefined
        ? { text: textOf(FIRST), place: {} }
        : 'link' in given
          ? await readLink(given.link)
          : { text: given.text, place: {} };
    const whole = { ...place, ...standing };
    if (!(await openText(text, whole))) return false;
    carried.value = await writeLink(text, whole);
    return true;
  });
  return opened === true;
}

/** Opens what the address says; without a fragment, the first preset. */
async function openAddress(): Promise<void> {
  leaveDraft();
  if (location.hash.length < 2) {
    brokenLink.value = undefined;
    await begin(FIRST);
    return;
  }
  await reading('link', async () => {
    const { text, place } = await readLink(location.hash);
    const { at, plays } = wished;
    const opened = await openText(text, at === undefined ? place : standingAt(place, at));
    if (opened && plays && !reducedMotion.value) void play();
  });
}

/** Before the page is drawn: what it will open of its own is begun, so that the engine starts meanwhile. */
export function prepareToOpen(): void {
  if (location.hash.length < 2 && interruptedDraft() === undefined && visitedNow() === undefined) {
    prepare(textOf(isNewHere() ? STORY : FIRST));
  }
}

/** When the page is loaded: work that a reload or a crash interrupted goes before the address. */
export async function openPage(): Promise<void> {
  const text = interruptedDraft();
  const visited = visitedNow();
  hasVisited = true;
  // A draft may be newer than what the entry holds; the place is that of the entry.
  if (text !== undefined && (await openText(text, visited?.text === text ? visited.place : {}))) {
    return;
  }
  if (visited !== undefined && (await openText(visited.text, visited.place))) return;
  if (location.hash.length < 2 && isFirstVisit()) await welcome();
  else await openAddress();
}

/** Opens a file that the visitor chose or dropped, and keeps it as the visitor's own. */
export async function openFile(file: File): Promise<void> {
  await reading(
    'file',
    async () => {
      const text = await readScenarioFile(file);
      const isFine = await openText(text, {}, file.name, true);
      if (isFine) keepDraft(scenario.value);
    },
    file.name,
  );
}

let shared = '';
/** The fragment that the page has heard of. Another is that of a link which it is about to hear of. */
let heard = location.hash;

/** The address of the scenario and of where the viewer stands. It becomes the page's own. */
export async function share(): Promise<string> {
  const fragment = await writeLink(textOf(scenario.value), here());
  const whole = new URL(location.href);
  whole.hash = fragment;
  if (embedded) {
    // The address belongs to the page around it.
    whole.search = '';
    return whole.href;
  }
  shared = fragment;
  history.replaceState(history.state, '', whole);
  heard = location.hash;
  draftMoved();
  return location.href;
}

export function watchAddress(): void {
  addEventListener('hashchange', () => {
    heard = location.hash;
    // Of an entry that holds what was open there, only that matters.
    if (location.hash !== shared && visitedNow() === undefined) void openAddress();
  });
  if (embedded) return;
  addEventListener('popstate', ({ state }) => {
    const visited = visitedIn(state);
    if (visited !== undefined) void revisit(visited);
  });
  // When it is hidden it is too late: then the entry is no more the present one.
  addEventListener('beforeunload', () => {
    keepHere();
    keepForReload();
  });
  let isDue = false;
  effect(() => {
    // What an entry holds.
    void [scenario.value, playhead.value, selectedProcess.value, selectedPage.value];
    void [selectedFrame.value, looking.value, folded.value];
    if (isDue || !usable.value) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      keepHere();
    }, KEEP_MS);
  });
}

/** How often the entry is written while the page changes; browsers refuse a hundred times in half a minute. */
const KEEP_MS = 500;

function keepHere(): void {
  const isNewLink = location.hash.length >= 2 && location.hash !== heard;
  // What is open now is no part of the new link's entry.
  if (usable.value && !isNewLink) keepVisited(here());
}

let latest: Visited | undefined;

/** Opens what an entry of the history holds, at its place; of several that are passed quickly the last. */
async function revisit(visited: Visited): Promise<void> {
  latest = visited;
  closeDialog();
  leaveDraft();
  await reading('link', async () => {
    if (latest === visited) await openText(visited.text, visited.place);
  });
}
