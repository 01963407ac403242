// Plays the story of the first visit: an ordinary scenario of a fork and a write, with a sentence for each part of it.
// Which sentence is shown is a function of where the playhead is and of what the machine has there, so that a slider
// that is dragged back tells backwards too. The run waits at each sentence for as long as it takes to read it.

import { computed, effect, signal } from '@preact/signals';
import { decodePte } from '../../engine/words.ts';
import { text } from '../../text/text.ts';
import type { Facts } from '../../types/story-facts.ts';
import { scenarioNamed } from '../library/catalogue.ts';
import { leaveDraft } from '../library/drafts.ts';
import { observed } from '../machine/observation.ts';
import { lookAt } from '../page/selection.ts';
import { held, lentSpeed, reducedMotion, type Speed } from '../page/settings.ts';
import { embedded } from '../page/shown-panels.ts';
import { scenario, usable } from '../run/open-machine.ts';
import { playhead, playing } from '../run/playhead.ts';
import { load, stopPlaying } from '../run/session.ts';
import { isAtEnd, play } from '../run/transport.ts';
import { scriptOf } from '../script/document.ts';
import { begin } from './lesson.ts';

export const STORY = scenarioNamed('first-visit');
/** Events a second between sentences. */
const SPEED: Speed = 25;
/** In the browser's storage, once it has begun. */
const KEY = 'faultline.story';
/** The page that it is about. */
const PAGE = 5;
/** How long the run waits at a sentence, and for each word of it; it is read on while the run goes on. */
const [SENTENCE_MS, WORD_MS] = [500, 100];

/** While it plays by itself; and from then on until the visitor does anything. */
export const telling = signal<'playing' | 'told' | undefined>(undefined);

/** The visitor chose to go on alone, and is told how. */
export const trying = signal(false);

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

const sentence = computed(() => {
  const now = facts.value;
  return now === undefined ? '' : text.story.sentence(now);
});

/** Whether the story has come to its end, and waits for what the visitor wants next. */
export const isOver = computed(
  () => facts.value !== undefined && telling.value !== 'playing' && !trying.value && isAtEnd(),
);

/**
 * What a panel with nothing in it may say to do: nothing while the story does it or before there is a machine, and to
 * go on with a script that has lines ahead.
 */
export const hint = computed<'none' | 'play' | 'act'>(() => {
  if (!usable.value || telling.value === 'playing' || playing.value) return 'none';
  return isAtEnd() ? 'act' : 'play';
});

function frameOf(process: string): number | undefined {
  const word = observed.pteOf({ process, page: PAGE });
  const pte = word && decodePte(word.low, word.high);
  return pte?.state === 'valid' ? pte.number : undefined;
}

/** Whether nobody has been here before, as far as the browser tells. */
export function isNewHere(): boolean {
  if (embedded) return false;
  try {
    return localStorage.getItem(KEY) === null;
  } catch {
    return true;
  }
}

/** The same, asked once: then somebody has been here. */
export function isFirstVisit(): boolean {
  const isFirst = isNewHere();
  try {
    if (isFirst) localStorage.setItem(KEY, 'begun');
  } catch {
    // Nothing is kept: each visit is the first.
  }
  return isFirst;
}

/** Opens the story and plays it, until it is over or the visitor does anything. */
export async function tellStory(): Promise<void> {
  leaveDraft();
  trying.value = false;
  const watching = listen();
  telling.value = 'playing';
  // Its process is there from the start: there is something to see. It is not played to a visitor who did something
  // while it was opened.
  if (!(await load(STORY, 1)) || watching.signal.aborted) {
    watching.abort();
    telling.value = undefined;
    return;
  }
  lentSpeed.value = SPEED;
  const pacing = pace();
  await play();
  pacing();
  lentSpeed.value = undefined;
  if (watching.signal.aborted) return;
  telling.value = isAtEnd() ? 'told' : undefined;
}

/** Holds the run at each new sentence until it can have been read, all but its end. Returns what ends that. */
function pace(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    const words = sentence.value.split(' ').length;
    held.value = true;
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        held.value = false;
      },
      SENTENCE_MS + WORD_MS * words,
    );
  });
  return () => {
    clearTimeout(timer);
    stop();
    held.value = false;
  };
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

/** Where the story leads: on with its own machine, to a guided experiment, or to a recorded program. */
export function goOnTo(next: 'try' | 'guided' | 'real'): void {
  telling.value = undefined;
  trying.value = next === 'try';
  if (next === 'try') lookAt({ process: 'parent', page: PAGE });
  else if (next === 'guided') void begin(scenarioNamed('who-copies'));
  else void load(scenarioNamed('real-program'), 0).then((open) => open && play());
}

/** The first key or click ends it, and does what it always does. */
function listen(): AbortController {
  const until = new AbortController();
  const end = ({ target }: Event) => {
    // One of the ways on is what it ends with.
    if (target instanceof Element && target.closest('[data-next]') !== null) return;
    until.abort();
    const wasPlaying = telling.value === 'playing';
    telling.value = undefined;
    lentSpeed.value = undefined;
    held.value = false;
    // The button that pauses is about to do so itself; a key that did has done so by then.
    const pauses = target instanceof Element && target.closest('[data-command="play"]') !== null;
    if (wasPlaying && !pauses) setTimeout(stopPlaying);
  };
  for (const kind of ['keydown', 'pointerdown']) {
    addEventListener(kind, end, { capture: true, signal: until.signal });
  }
  return until;
}
