// Holds what the page draws of the machine, with the animations in flight: at rest the machine as it stands. After a
// move forward the events that it passed are played, in their order: what is on its way, and the cells that have not
// changed yet. A playhead that is dragged shows the last journeys before it, each as far as its place among them says,
// so that they rewind with it.

import { signal } from '@preact/signals';
import { FlowMeter } from '../../draw/flow.ts';
import type { MachineEvent } from '../../engine/words.ts';
import type { Word } from '../machine/grid-reader.ts';
import { type Figures, observed } from '../machine/observation.ts';
import { loop } from '../page/loop.ts';
import { reducedMotion } from '../page/settings.ts';
import {
  type CellChange,
  FLIGHT_MS,
  type Flight,
  type GridName,
  looksAt,
  MOST_SCENES,
  type Playback,
  playbackOf,
  playedOver,
  type Scene,
  wordAt,
} from './animations.ts';
import { SceneReader, VISIBLE } from './scene-reader.ts';
import { WatchedTime } from './watched-time.ts';

/** Under a playhead that is dragged so many scenes take place, the latest just begun. */
const DRAGGED_SCENES = 12;
/** Records of each ring among which they are looked for. */
const DRAGGED_RECORDS = 256;
/** Past so many records of one ring nobody looks for what could be shown one by one. */
const MOST_RECORDS = MOST_SCENES * 16;

let changes: CellChange[] = [];
let flights: Flight[] = [];
let end = 0;
/** The moment at which time stands still on the screen, while a playhead is dragged. */
let frozen: number | undefined;
/** Where the rings stood, and the counters, when the move began or was last told of. */
let heads: number[] | undefined;
let sums: Float64Array | undefined;
/** Reads what the move passes, from its beginning on; anew after events that it did not get to read. */
let reader: SceneReader | undefined;
/** The figures from before what is played, and after each part of it, with the time at which it has been. */
let figures: { readonly at: number; readonly told: Figures }[] = [];
/** Rises when something is to be seen otherwise: a cell has changed, or everything has arrived. */
const version = signal(0);
const meter = new FlowMeter();
const time = new WatchedTime();

const clock = (): number => frozen ?? time.now;

function readHeads(): number[] {
  const machine = observed.machine.value;
  if (machine === undefined) return [];
  return Array.from({ length: machine.rows }, (_, ring) => machine.eventHead(ring));
}

/** Visible events after these places of the rings; nothing if some are gone, or there are far too many. */
function eventsSince(places: readonly number[]): MachineEvent[] | undefined {
  const machine = observed.machine.value;
  if (machine === undefined) return undefined;
  const { event_kinds: kinds } = machine.layout;
  const events: MachineEvent[] = [];
  for (const [ring, place] of places.entries()) {
    if (machine.eventHead(ring) - place > MOST_RECORDS) return undefined;
    const batch = machine.events(ring, place);
    if (batch.lost !== 0) return undefined;
    events.push(...batch.events.filter(({ kind }) => VISIBLE.has(kinds[kind] ?? '')));
  }
  return events;
}

/** Records of each ring before a move among which a fault that is under way began. */
const CONTEXT_RECORDS = 256;

/** A reader that knows what came just before these places of the rings. */
function readerAt(places: readonly number[]): SceneReader {
  const machine = observed.machine.value;
  const { event_kinds: kinds = [] } = machine?.layout ?? {};
  const told = new SceneReader(kinds);
  const before = places.flatMap((place, ring) => {
    const from = Math.max(place - CONTEXT_RECORDS, machine?.eventFloor(ring) ?? 0);
    return machine?.events(ring, from).events.slice(0, Math.max(0, place - from)) ?? [];
  });
  told.scenes(before.filter(({ kind }) => VISIBLE.has(kinds[kind] ?? '')));
  return told;
}

/** What an eye can follow of what happened since; nothing if that is too much. */
function scenesSince(places: readonly number[]): Scene[] | undefined {
  const events = eventsSince(places);
  const isTooMuch = events === undefined || events.length > MOST_SCENES;
  const passed = isTooMuch ? undefined : (reader ?? readerAt(places)).scenes(events);
  if (passed === undefined) reader = undefined;
  return passed;
}

/** Now, for what begins now. */
function beginning(): number {
  time.pass(performance.now());
  return time.now;
}

loop.sample((now) => {
  const before = time.now;
  time.pass(now);
  if (changes.some(({ at }) => at > before && at <= time.now)) version.value++;
  return false;
});

function show(playback: Playback): void {
  const now = clock();
  flights = [...flights.filter((flight) => flight.end > now), ...playback.flights];
  changes = [...changes.filter((change) => change.at > now), ...playback.changes];
  end = Math.max(end, playback.end);
  figures = [...figures, { at: playback.end, told: observed.figuresNow() }];
  version.value++;
  loop.request();
}

/** What was passed and cannot be shown one by one is counted: the counters forget nothing. */
function count(): void {
  const machine = observed.machine.value;
  const before = sums;
  if (machine === undefined || before === undefined) return;
  const now = machine.counterSums();
  const { counter_names: names } = machine.layout;
  const growth = names.map((name, at) => [name, (now[at] ?? 0) - (before[at] ?? 0)] as const);
  meter.add(performance.now(), Object.fromEntries(growth));
  sums = now;
  loop.request();
}

/** All that is not on its way has happened; what travels arrives. */
function stand(): void {
  if (frozen !== undefined) presentation.settle();
  const now = clock();
  flights = flights.filter((flight) => flight.begin <= now && now < flight.end);
  const arrivals = new Set(flights.map((flight) => flight.end));
  changes = changes.filter(({ at }) => arrivals.has(at));
  end = Math.max(0, ...arrivals);
  meter.clear();
  version.value++;
}

const isIdle = () => reducedMotion.value || document.hidden || observed.machine.value === undefined;

export const presentation = {
  /** Before a move forward: what it passes will be played. What travels arrives meanwhile. */
  begin(): void {
    stand();
    if (isIdle()) return;
    heads = readHeads();
    reader = readerAt(heads);
    figures = [...figures, { at: Number.NEGATIVE_INFINITY, told: observed.figuresNow() }];
    sums = observed.machine.value?.counterSums();
  },

  /** On the way of a move that is too long to be played: what has been passed flows. */
  pass(): void {
    if (sums !== undefined && !isIdle()) count();
  },

  /** After a move forward: plays what it passed, if an eye can follow it. How long that takes. */
  tell(): number {
    const places = heads;
    heads = undefined;
    if (places === undefined || isIdle()) return 0;
    const passed = scenesSince(places);
    const now = beginning();
    if (passed === undefined) count();
    else if (passed.length > 0) show(playbackOf(passed, now));
    sums = undefined;
    reader = undefined;
    return Math.max(0, end - now);
  },

  /** While the run is played: what was passed since it was last asked, over so many milliseconds. */
  played(ms: number): void {
    const places = heads;
    if (places === undefined || isIdle()) return;
    heads = readHeads();
    const onTheWay = flights.length + changes.length;
    const passed = scenesSince(places);
    const fits = passed !== undefined && onTheWay + passed.length <= MOST_SCENES;
    if (fits && !meter.isFlowing(performance.now())) {
      if (passed.length > 0) show(playedOver(passed, beginning(), ms));
      sums = observed.machine.value?.counterSums();
    } else {
      presentation.land();
      count();
    }
  },

  /** A playhead is dragged here: what happened just before it is on its way, and stands still. */
  drag(): void {
    presentation.settle();
    if (isIdle()) return;
    const machine = observed.machine.value;
    const places = readHeads().map((head, ring) =>
      Math.max(head - DRAGGED_RECORDS, machine?.eventFloor(ring) ?? 0, 0),
    );
    const latest = readerAt(places)
      .scenes(eventsSince(places) ?? [])
      .slice(-DRAGGED_SCENES);
    const span = (FLIGHT_MS * 1.5 * latest.length) / DRAGGED_SCENES;
    frozen = 0;
    show(playedOver(latest, -span, span));
  },

  /** It is let go: what is on its way arrives. */
  release(): void {
    if (frozen === undefined) return;
    const since = time.now - frozen;
    frozen = undefined;
    changes = changes.map((change) => ({ ...change, at: change.at + since }));
    flights = flights.map((flight) => ({
      ...flight,
      begin: flight.begin + since,
      end: flight.end + since,
    }));
    end += since;
    loop.request();
  },

  /** Everything has arrived. */
  land(): void {
    changes = [];
    flights = [];
    end = 0;
    frozen = undefined;
    figures = [];
    version.value++;
  },

  version,

  /** Whether cells are shown that the machine has otherwise by now. */
  isPlaying: () => changes.length > 0,

  /** The figures of what has been played; nothing if that is all. */
  figures(): Figures | undefined {
    if (changes.length === 0) return undefined;
    return figures.findLast(({ at }) => at <= clock())?.told;
  },

  settle(): void {
    presentation.land();
    heads = undefined;
    sums = undefined;
    reader = undefined;
    meter.clear();
    loop.request();
  },

  /** How a grid is to be shown, which the machine shows so; of pages whose they are, if not the selected process's. */
  looks(
    grid: GridName,
    live: Uint8Array,
    process: number | undefined = observed.selected.value?.index,
  ): Uint8Array {
    if (changes.length === 0) return live;
    return looksAt(changes, grid, process, live, clock());
  },

  /** A page's PTE, which the machine has so, as it is to be shown. */
  word(process: number, page: number, live: Word): Word {
    return changes.length === 0 ? live : wordAt(changes, process, page, live, clock());
  },

  /** The journeys under way, each with its share of the way. */
  flights(): (Flight & { progress: number })[] {
    const now = clock();
    return flights
      .filter(({ begin, end: arrival }) => begin <= now && now < arrival)
      .map((flight) => ({
        ...flight,
        progress: (now - flight.begin) / (flight.end - flight.begin),
      }));
  },

  flows: () => meter.within(performance.now()),

  /** Whether it sees something else in the next frame; once everything has arrived, it does not. */
  moves(): boolean {
    if (frozen !== undefined) return false;
    const isPlaying = changes.length + flights.length > 0;
    // One frame more: in this one some grid may have been drawn a moment before the end.
    if (isPlaying && clock() >= end) presentation.land();
    return isPlaying || meter.isFlowing(performance.now());
  },
};
