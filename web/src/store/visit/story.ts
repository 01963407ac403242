// Plays the story of the first visit: an ordinary scenario of a fork and a write, at one of the ordinary speeds, with a
// sentence for each part of it. Which sentence is shown is a function of where the playhead is and of what the machine
// has there, so that a slider that is dragged back tells backwards too.

import { computed, signal } from '@preact/signals';
import { decodePte } from '../../engine/words.ts';
import type { Facts } from '../../types/story-facts.ts';
import { leaveDraft } from '../library/drafts.ts';
import { presets } from '../library/presets.ts';
import { observed } from '../machine/observation.ts';
import { lentSpeed, reducedMotion, type Speed } from '../page/settings.ts';
import { embedded } from '../page/shown-panels.ts';
import { scenario } from '../run/open-machine.ts';
import { playhead } from '../run/playhead.ts';
import { load, stopPlaying } from '../run/session.ts';
import { isAtEnd, play } from '../run/transport.ts';
import { EMPTY, scriptOf } from '../script/document.ts';

const STORY = presets.find(({ name }) => name === 'first-visit')?.scenario ?? EMPTY;
const SPEED: Speed = 5;
/** In the browser's storage, once it has begun. */
const KEY = 'faultline.story';
/** The page that it is about. */
const PAGE = 5;

/** While it plays by itself; and from then on until the visitor does anything. */
export const telling = signal<'playing' | 'told' | undefined>(undefined);

/** What can be told where the playhead is, while the page shows the story's scenario as it came. */
export const facts = computed<Facts | undefined>(() => {
  if (scenario.value !== STORY || observed.machine.value === undefined) return undefined;
  observed.version.value;
  const { line, under_way } = playhead.value;
  const last = scriptOf(STORY).length - 1;
  return {
    line: Math.min(last, under_way ? line : Math.max(0, line - 1)),
    parent: frameOf('parent'),
    child: frameOf('child'),
  };
});

function frameOf(process: string): number | undefined {
  const word = observed.pteOf({ process, page: PAGE });
  const pte = word && decodePte(word.low, word.high);
  return pte?.state === 'valid' ? pte.number : undefined;
}

/** Whether nobody has been here before, as far as the browser tells. Asked once: then somebody has. */
export function isFirstVisit(): boolean {
  if (embedded) return false;
  try {
    const isFirst = localStorage.getItem(KEY) === null;
    localStorage.setItem(KEY, 'begun');
    return isFirst;
  } catch {
    return true;
  }
}

/** Opens the story and plays it, until it is over or the visitor does anything. */
export async function tellStory(): Promise<void> {
  leaveDraft();
  const watching = listen();
  telling.value = 'playing';
  // It is not played to a visitor who did something while it was opened.
  if (!(await load(STORY, 0)) || watching.signal.aborted) {
    watching.abort();
    telling.value = undefined;
    return;
  }
  lentSpeed.value = SPEED;
  await play();
  lentSpeed.value = undefined;
  if (watching.signal.aborted) return;
  telling.value = isAtEnd() ? 'told' : undefined;
}

/** Opens the story at its end, for a visitor who wants nothing to move by itself. */
async function layOpen(): Promise<void> {
  leaveDraft();
  if (!(await load(STORY))) return;
  telling.value = 'told';
  listen();
}

export function welcome(): Promise<void> {
  return reducedMotion.value ? layOpen() : tellStory();
}

/** The first key or click ends it, and does what it always does. */
function listen(): AbortController {
  const until = new AbortController();
  const end = ({ target }: Event) => {
    until.abort();
    const wasPlaying = telling.value === 'playing';
    telling.value = undefined;
    lentSpeed.value = undefined;
    // The button that pauses is about to do so itself; a key that did has done so by then.
    const pauses = target instanceof Element && target.closest('[data-command="play"]') !== null;
    if (wasPlaying && !pauses) setTimeout(stopPlaying);
  };
  for (const kind of ['keydown', 'pointerdown']) {
    addEventListener(kind, end, { capture: true, signal: until.signal });
  }
  return until;
}
