// Turns events into animations: each event is a scene, of cells that change or a journey from cell to cell, with the
// time at which it is played. Pure: the same events make the same scenes. A cell that has not changed yet on the screen
// is shown as its event says it was before, so that nothing but the machine as it is has to be kept.

import { frameLook, pteLook } from '../../draw/looks.ts';
import { ACTIVE, FREE, READING, WRITING } from '../../draw/palette.ts';
import { inOrder, type MachineEvent, numberOf } from '../../engine/words.ts';
import { PTE_FORMAT, PTE_VALID } from '../../generated/machine.ts';

export type GridName = 'pages' | 'frames' | 'slots';

interface CellAddress {
  readonly grid: GridName;
  readonly index: number;
  /** Of a page, whose it is. */
  readonly process?: number;
}

/** Until this moment a cell looks as it did before. */
export interface CellChange {
  readonly at: number;
  readonly cell: CellAddress;
  readonly before: number;
}

export interface Flight {
  readonly begin: number;
  readonly end: number;
  readonly from: CellAddress;
  readonly to: CellAddress;
  readonly state: number;
}

export interface Playback {
  readonly changes: readonly CellChange[];
  readonly flights: readonly Flight[];
  readonly end: number;
}

/** More at one time no eye can follow: then what travels is told as flows, and cells just change. */
export const MOST_SCENES = 200;
/** The kinds of events of which something can be seen. */
export const VISIBLE: ReadonlySet<string> = new Set([
  'pte',
  'claim',
  'pfn',
  'swap-read-end',
  'swap-write-end',
]);
export const FLIGHT_MS = 520;
/** All changes of a line together take about this long, each no more than its share. */
const CHANGES_MS = 1600;
const LONGEST_CHANGE_MS = 170;

/** What one event shows. Its cells change when its journey has arrived. */
export interface Scene {
  readonly flight?: Omit<Flight, 'begin' | 'end'>;
  readonly cells: readonly Omit<CellChange, 'at'>[];
}

const frame = (index: number): CellAddress => ({ grid: 'frames', index });
const slot = (index: number): CellAddress => ({ grid: 'slots', index: index - 1 });

const isMapped = (low: number) => (low & PTE_FORMAT) === PTE_VALID;

/**
 * Tells events one after the other. It remembers the frame that each page was last mapped to: a page that
 * comes to another without having been read from swap was copied there.
 */
class SceneReader {
  readonly #kinds: readonly string[];
  readonly #frames = new Map<string, number>();
  readonly #read = new Set<number>();

  constructor(kinds: readonly string[]) {
    this.#kinds = kinds;
  }

  scene(event: MachineEvent): Scene | undefined {
    switch (this.#kinds[event.kind]) {
      case 'pte':
      case 'claim': {
        const flight = this.#copy(event);
        const { process, number } = event;
        const cell: CellAddress = {
          grid: 'pages',
          index: number,
          ...(process !== null && { process }),
        };
        return { ...(flight && { flight }), cells: [{ cell, before: pteLook(event.a[0]) }] };
      }
      case 'pfn':
        return { cells: [{ cell: frame(event.number), before: frameLook(event.a[0]) }] };
      case 'swap-write-end': {
        if (event.b[0] === 1) return undefined;
        const to = slot(event.number);
        return {
          flight: { from: frame(event.a[0]), to, state: WRITING },
          cells: [{ cell: to, before: FREE }],
        };
      }
      case 'swap-read-end':
        if (event.b[0] === 1) return undefined;
        this.#read.add(event.a[0]);
        return {
          flight: { from: slot(event.number), to: frame(event.a[0]), state: READING },
          cells: [],
        };
      default:
        return undefined;
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

/** The scenes of events of several rings, in the one order of events. */
export function scenesOf(events: readonly MachineEvent[], kinds: readonly string[]): Scene[] {
  const reader = new SceneReader(kinds);
  return events.toSorted(inOrder).flatMap((event) => reader.scene(event) ?? []);
}

/** All scenes of a line, one after the other, in about 1.6 s; journeys are seen whole while they are few. */
export function playbackOf(scenes: readonly Scene[], begin: number): Playback {
  const count = scenes.reduce((sum, { cells, flight }) => sum + cells.length + (flight ? 1 : 0), 0);
  const step = Math.min(LONGEST_CHANGE_MS, CHANGES_MS / Math.max(1, count));
  const changes: CellChange[] = [];
  const flights: Flight[] = [];
  let at = begin;
  for (const { cells, flight } of scenes) {
    if (flight !== undefined) {
      // Several journeys in a row overlap, as a batch does.
      flights.push({ ...flight, begin: at, end: at + FLIGHT_MS });
      at += flights.length > 4 ? step : FLIGHT_MS;
    }
    for (const cell of cells) {
      changes.push({ ...cell, at });
      at += step;
    }
  }
  return { changes, flights, end: Math.max(at, ...flights.map(({ end }) => end)) };
}

/** Scenes that begin within a span of time, evenly, while others are still on their way. */
export function playedOver(scenes: readonly Scene[], begin: number, span: number): Playback {
  const changes: CellChange[] = [];
  const flights: Flight[] = [];
  let end = begin;
  for (const [index, { cells, flight }] of scenes.entries()) {
    let at = begin + (span * index) / scenes.length;
    if (flight !== undefined) {
      flights.push({ ...flight, begin: at, end: at + FLIGHT_MS });
      at += FLIGHT_MS;
    }
    for (const cell of cells) changes.push({ ...cell, at });
    end = Math.max(end, at);
  }
  return { changes, flights, end };
}

/** How a grid looks on the screen: cells whose changes are still to come look as they did before the first of them. */
export function looksAt(
  changes: readonly CellChange[],
  grid: GridName,
  process: number | undefined,
  now: Uint8Array,
  clock: number,
): Uint8Array {
  const looks = now.slice();
  const since = new Map<number, number>();
  for (const { at, cell, before } of changes) {
    if (cell.grid !== grid || cell.index >= looks.length) continue;
    if (grid === 'pages' && cell.process !== process) continue;
    // In the order of events: after a change that is still to come nothing of the cell has happened.
    if (since.has(cell.index)) continue;
    if (at > clock) since.set(cell.index, before);
  }
  for (const [index, before] of since) looks[index] = before;
  return looks;
}
