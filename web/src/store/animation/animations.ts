// Turns scenes into animations: gives each its time. A scene is an event's cells that change, and a journey from cell to
// cell. Pure: the same scenes make the same animation. A cell that has not changed yet on the screen is shown as its event
// says it was before, so that nothing but the machine as it is has to be kept.

import type { Word } from '../machine/grid-reader.ts';

export type GridName = 'pages' | 'frames' | 'slots';

export interface CellAddress {
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
  /** Of a page: its PTE as it was before. */
  readonly word?: Word;
}

/** What travels: a copy from frame to frame, a page to its slot, or from it. */
export type FlightKind = 'copy' | 'eviction' | 'read-in';

export interface Flight {
  readonly kind: FlightKind;
  readonly begin: number;
  readonly end: number;
  readonly from: CellAddress;
  readonly to: CellAddress;
  readonly state: number;
  /** Of a copy: the page that is mapped to it. */
  readonly page?: CellAddress;
}

/** What one event shows. Its cells change when its journey has arrived. */
export interface Scene {
  readonly flight?: Omit<Flight, 'begin' | 'end'>;
  readonly cells: readonly Omit<CellChange, 'at'>[];
}

export interface Playback {
  readonly changes: readonly CellChange[];
  readonly flights: readonly Flight[];
  readonly end: number;
}

/** More at one time no eye can follow: then what travels is told as flows, and cells just change. */
export const MOST_SCENES = 200;
export const FLIGHT_MS = 520;
/** A copy is what a fork is about: it is given the time to be seen leaving, on its way and arriving. */
const COPY_MS = 900;
/** All changes of a line together take about this long, each no more than its share. */
const CHANGES_MS = 1600;
const LONGEST_CHANGE_MS = 170;

const lengthOf = ({ kind }: Pick<Flight, 'kind'>) => (kind === 'copy' ? COPY_MS : FLIGHT_MS);

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
      flights.push({ ...flight, begin: at, end: at + lengthOf(flight) });
      at += flights.length > 4 ? step : lengthOf(flight);
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
      flights.push({ ...flight, begin: at, end: at + lengthOf(flight) });
      at += lengthOf(flight);
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

/** A page's PTE as the screen shows it: before its first change that is still to come. */
export function wordAt(
  changes: readonly CellChange[],
  process: number,
  page: number,
  now: Word,
  clock: number,
): Word {
  const next = changes.find(
    ({ at, cell }) =>
      at > clock && cell.grid === 'pages' && cell.index === page && cell.process === process,
  );
  return next?.word ?? now;
}
