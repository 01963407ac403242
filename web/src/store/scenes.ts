// What a line did, as a story: the events of the machine in their order, each a beat that changes a cell, and
// journeys between cells. Pure: the same events make the same story.

import { frameLook, pteLook } from '../draw/looks.ts';
import { ACTIVE, READING, WRITING } from '../draw/palette.ts';
import { inOrder, type MachineEvent, numberOf } from '../engine/words.ts';

export type GridName = 'pages' | 'frames' | 'slots';

export interface Place {
  readonly grid: GridName;
  readonly index: number;
}

/** From this moment on a cell looks so. */
export interface Beat {
  readonly at: number;
  readonly place: Place;
  readonly look: number;
}

export interface Flight {
  readonly begin: number;
  readonly end: number;
  readonly from: Place;
  readonly to: Place;
  readonly state: number;
}

export interface Story {
  readonly beats: readonly Beat[];
  readonly flights: readonly Flight[];
  readonly duration: number;
}

/** Past so many events it is not a story but weather: the cells just change. */
const MOST_EVENTS = 200;
/** The kinds of events of which something can be seen. */
const VISIBLE = new Set(['pte', 'claim', 'pfn', 'swap-read-end', 'swap-write-end']);
const FLIGHT_MS = 520;
/** All beats together take about this long, each no more than its share. */
const BEATS_MS = 1600;
const LONGEST_BEAT_MS = 170;

interface Scene {
  readonly place?: Place;
  readonly look?: number;
  readonly flight?: Omit<Flight, 'begin' | 'end'>;
}

const frame = (index: number): Place => ({ grid: 'frames', index });
const slot = (index: number): Place => ({ grid: 'slots', index: index - 1 });

const isMapped = (low: number) => (low & 3) === 1;

/**
 * Tells events one after the other. It remembers the frame that each page was last mapped to: a page that
 * comes to another without having been read from swap was copied there.
 */
class Teller {
  readonly #kinds: readonly string[];
  readonly #process: number | undefined;
  readonly #frames = new Map<string, number>();
  readonly #read = new Set<number>();

  constructor(kinds: readonly string[], process: number | undefined) {
    this.#kinds = kinds;
    this.#process = process;
  }

  scenes(event: MachineEvent): Scene[] {
    switch (this.#kinds[event.kind]) {
      case 'pte':
      case 'claim': {
        const flight = this.#copy(event);
        const place: Place = { grid: 'pages', index: event.number };
        const isShown = event.process === this.#process;
        const beat = isShown ? [{ place, look: pteLook(event.b[0]) }] : [];
        return flight === undefined ? beat : [{ flight }, ...beat];
      }
      case 'pfn':
        return [{ place: frame(event.number), look: frameLook(event.b[0]) }];
      case 'swap-write-end': {
        if (event.b[0] === 1) return [];
        const to = slot(event.number);
        return [
          { flight: { from: frame(event.a[0]), to, state: WRITING } },
          { place: to, look: WRITING },
        ];
      }
      case 'swap-read-end':
        if (event.b[0] === 1) return [];
        this.#read.add(event.a[0]);
        return [{ flight: { from: slot(event.number), to: frame(event.a[0]), state: READING } }];
      default:
        return [];
    }
  }

  #copy({ process, number, a, b }: MachineEvent): Scene['flight'] {
    const key = `${process} ${number}`;
    if (isMapped(a[0])) this.#frames.set(key, numberOf(...a));
    if (!isMapped(b[0])) return undefined;
    const [from, to] = [this.#frames.get(key), numberOf(...b)];
    this.#frames.set(key, to);
    if (from === undefined || from === to || this.#read.has(to)) return undefined;
    return { from: frame(from), to: frame(to), state: ACTIVE };
  }
}

/** The story of these events, with the pages of one process; none if there is nothing to see, or too much. */
export function storyOf(
  events: readonly MachineEvent[],
  kinds: readonly string[],
  process: number | undefined,
): Story | undefined {
  const visible = events.filter(({ kind }) => VISIBLE.has(kinds[kind] ?? ''));
  if (visible.length > MOST_EVENTS * 4) return undefined;
  const teller = new Teller(kinds, process);
  const scenes = visible.sort(inOrder).flatMap((event) => teller.scenes(event));
  if (scenes.length === 0 || scenes.length > MOST_EVENTS) return undefined;
  const step = Math.min(LONGEST_BEAT_MS, BEATS_MS / scenes.length);
  const beats: Beat[] = [];
  const flights: Flight[] = [];
  let at = 0;
  for (const { place, look, flight } of scenes) {
    if (flight !== undefined) {
      // Several journeys in a row overlap, as a batch does.
      flights.push({ ...flight, begin: at, end: at + FLIGHT_MS });
      at += flights.length > 4 ? step : FLIGHT_MS;
    }
    if (place !== undefined && look !== undefined) {
      beats.push({ at, place, look });
      at += step;
    }
  }
  const duration = Math.max(at, ...flights.map(({ end }) => end));
  return { beats, flights, duration };
}

/** How a grid looked before the story, with what has happened in it by now. */
export function looksAt(
  story: Story,
  grid: GridName,
  before: Uint8Array,
  playhead: number,
): Uint8Array {
  const looks = before.slice();
  for (const { at, place, look } of story.beats) {
    if (at > playhead) break;
    if (place.grid === grid && place.index < looks.length) looks[place.index] = look;
  }
  return looks;
}
