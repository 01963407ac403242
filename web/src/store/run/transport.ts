// Moves the playhead: by steps, by dragging, by typing where to, and by itself at a speed, until it is paused or a
// breakpoint stops it.

import type { Journey, Sought, Target } from '../../engine/client.ts';
import { presentation } from '../animation/presentation.ts';
import { forgetWord, observed, rememberWord } from '../machine/observation.ts';
import { AT_ONCE, held, playingSpeed } from '../page/settings.ts';
import { scriptOf } from '../script/document.ts';
import { active, stoppedAt } from './breakpoints.ts';
import { enqueue, isOpen, runtimeKind, scenario, setBusy } from './open-machine.ts';
import { cursor, playhead, playing } from './playhead.ts';
import { runTo, stopPlaying } from './session.ts';
import { leg, nextFrame, travel } from './travel.ts';

const FAULT: Sought = { kinds: ['fault-begin'] };
/** How long a leg of a run that plays may take: two frames. */
const TICK_MS = 32;
/** After a pause longer than this no time has passed for the visitor. */
const LONGEST_TICK_MS = 100;
/** What happens at one time takes no longer than this, however many events it is. */
const LONGEST_PAUSE_S = 1;
/** What takes longer than this is work, and the page says so. */
const SOON_MS = 200;

const total = (): number => scriptOf(scenario.value).length;

export function isAtEnd(): boolean {
  const { line, under_way } = playhead.value;
  return line >= total() && !under_way;
}

async function patiently<Result>(body: () => Promise<Result>): Promise<Result> {
  const later = setTimeout(() => setBusy(true), SOON_MS);
  try {
    return await body();
  } finally {
    clearTimeout(later);
    setBusy(false);
  }
}

/** Steps that still wait their turn; a key held down asks for more than can be done. */
let waiting = 0;
const MOST_WAITING = 2;

/** One event or one fault on, or back. */
export async function step(unit: 'event' | 'fault', direction: 'forward' | 'back'): Promise<void> {
  if (waiting >= MOST_WAITING) return;
  stopPlaying();
  stoppedAt.value = [];
  waiting++;
  await enqueue(() =>
    patiently(async () => {
      waiting--;
      const isForward = direction === 'forward';
      if (isForward) {
        observed.readNow();
        rememberWord({});
        presentation.begin();
      } else {
        forgetWord();
        presentation.settle();
      }
      await travel(targetOf(unit, isForward));
      observed.readNow();
      if (isForward) presentation.tell();
    }),
  );
}

function targetOf(unit: 'event' | 'fault', isForward: boolean): Target {
  if (unit === 'event') return { step: isForward ? 'forward' : 'back' };
  return isForward ? { next: FAULT } : { previous: FAULT };
}

/** Goes straight there. */
export function goTo(target: Target): Promise<boolean> {
  stopPlaying();
  stoppedAt.value = [];
  return enqueue(() =>
    patiently(async () => {
      presentation.settle();
      forgetWord();
      const journey = await travel(target);
      observed.readNow();
      return journey?.reached === true;
    }),
  );
}

/** Where a playhead that is dragged is to go: the latest place alone matters. */
let wanted: Target | undefined;
let dragging = false;
let following: Promise<void> | undefined;

export function drag(target: Target): void {
  stopPlaying();
  stoppedAt.value = [];
  dragging = true;
  wanted = target;
  following ??= enqueue(() => patiently(followDrag)).finally(() => {
    following = undefined;
  });
}

async function followDrag(): Promise<void> {
  forgetWord();
  while (wanted !== undefined && isOpen()) {
    const target: Target = wanted;
    wanted = undefined;
    const journey = await leg(target, { within: TICK_MS });
    if (journey === undefined) return;
    // It may be far beyond what is known; on the way there a newer place may be wanted.
    if (!journey.reached && !isAtEnd()) wanted ??= target;
    if (dragging) presentation.drag();
    await nextFrame();
  }
  if (!dragging) presentation.release();
  observed.readNow();
}

export function drop(): void {
  dragging = false;
  if (following === undefined) presentation.release();
}

/** Lets the run go on by itself until paused or stopped; at its end from the start `again`, or not at all. */
export function play(again = true): Promise<boolean> {
  if (playing.value) return Promise.resolve(false);
  playing.value = true;
  stoppedAt.value = [];
  return enqueue(async () => {
    setBusy(true);
    try {
      if (isAtEnd() && !again) return true;
      if (isAtEnd() && total() > 0 && !(await runTo(0))) return false;
      return await (runtimeKind.value === 'threads' ? playLines() : playEvents());
    } finally {
      playing.value = false;
      setBusy(false);
      observed.readNow();
    }
  });
}

async function playLines(): Promise<boolean> {
  while (playing.value && cursor.value < total()) {
    if (!(await runTo(cursor.value + 1))) return false;
  }
  return true;
}

async function playEvents(): Promise<boolean> {
  const { subjects, stops } = active();
  const way = { within: TICK_MS, ...(stops.length > 0 && { stops }) };
  forgetWord();
  presentation.begin();
  let position = playhead.value.events;
  let last = performance.now();
  while (playing.value && !isAtEnd()) {
    await nextFrame();
    const now = performance.now();
    const passed = Math.min(LONGEST_TICK_MS, now - last);
    last = now;
    if (held.value) continue;
    let target: Target = { line: total() };
    const speed = playingSpeed.value;
    if (speed !== AT_ONCE) {
      position += (passed / 1000) * speed;
      target = { events: Math.floor(position) };
      if (target.events <= playhead.value.events) continue;
    }
    const journey = await leg(target, way);
    if (journey === undefined) return false;
    const { events } = journey.stand;
    // It stops between events that belong together: they take their time too, up to a pause. And it may not be as
    // fast as it is asked to be.
    position = journey.reached ? Math.max(position, events - LONGEST_PAUSE_S * speed) : events;
    presentation.played(passed);
    if (noteStop(journey, subjects)) return true;
  }
  return true;
}

function noteStop({ stoppedBy }: Journey, subjects: ReturnType<typeof active>['subjects']) {
  stoppedAt.value = stoppedBy.flatMap((index) => subjects[index] ?? []);
  return stoppedBy.length > 0;
}
