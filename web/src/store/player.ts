// Plays the story of the line that just ran over the grids: they show the machine as it was, then each event
// in its order, and at the end the machine itself again. A second line cuts the first one's story short.

import type { MachineEvent } from '../engine/words.ts';
import { loop } from './loop.ts';
import { observed } from './observation.ts';
import { selectedProcess } from './selection.ts';
import { reducedMotion } from './settings.ts';
import { type Flight, type GridName, looksAt, type Story, storyOf } from './story.ts';

interface Opening {
  /** Where each ring of events stood. */
  readonly heads: readonly number[];
  readonly process: string | undefined;
  readonly index: number | undefined;
  readonly looks: Readonly<Record<GridName, Uint8Array>>;
}

let opening: Opening | undefined;
let playing: { story: Story; opening: Opening; began: number } | undefined;

/** Where the rings end: told by reading from beyond any event. */
function ringHeads(): number[] {
  const machine = observed.machine.value;
  if (machine === undefined) return [];
  return Array.from(
    { length: machine.layout.rows },
    (_, ring) => machine.events(ring, Number.MAX_SAFE_INTEGER).next,
  );
}

/** Before a line: remembers how everything looks. */
export function openStory(): void {
  playing = undefined;
  opening = undefined;
  if (reducedMotion.value || document.hidden || observed.machine.value === undefined) return;
  opening = {
    heads: ringHeads(),
    process: selectedProcess.value,
    index: observed.selected.value?.index,
    looks: {
      pages: observed.pageLooks().slice(),
      frames: observed.frameLooks().slice(),
      slots: observed.slotLooks().slice(),
    },
  };
}

/** After the line: plays what happened. How long that takes. */
export function playStory(): number {
  const machine = observed.machine.value;
  const before = opening;
  opening = undefined;
  if (machine === undefined || before === undefined) return 0;
  const events: MachineEvent[] = [];
  for (const [ring, head] of before.heads.entries()) {
    const batch = machine.events(ring, head);
    if (batch.lost > 0) return 0;
    events.push(...batch.events);
  }
  const story = storyOf(events, machine.layout.event_kinds, before.index);
  if (story === undefined) return 0;
  playing = { story, opening: before, began: performance.now() };
  loop.request();
  return story.duration;
}

export function cutStory(): void {
  opening = undefined;
  playing = undefined;
}

function playhead(): number | undefined {
  if (playing === undefined) return undefined;
  const at = performance.now() - playing.began;
  if (at <= playing.story.duration) return at;
  playing = undefined;
  return undefined;
}

/** How a grid is to be shown now: as the story has it, or as it is. */
export function shownLooks(grid: GridName, live: Uint8Array): Uint8Array {
  const at = playhead();
  if (at === undefined || playing === undefined) return live;
  const before = playing.opening.looks[grid];
  const isOther = grid === 'pages' && playing.opening.process !== selectedProcess.value;
  if (before.length !== live.length || isOther) return live;
  return looksAt(playing.story, grid, before, at);
}

/** The journeys under way, each with its share of the way; undefined when no story plays. */
export function flightsNow(): (Flight & { progress: number })[] | undefined {
  const at = playhead();
  if (at === undefined || playing === undefined) return undefined;
  return playing.story.flights
    .filter(({ begin, end }) => begin <= at && at <= end)
    .map((flight) => ({ ...flight, progress: (at - flight.begin) / (flight.end - flight.begin) }));
}
