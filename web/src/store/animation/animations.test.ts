import { expect, test } from 'vitest';
import { DIRTY_MARK } from '../../draw/looks.ts';
import {
  ACTIVE,
  FREE,
  MODIFIED,
  PROTECTED,
  READING,
  STANDBY,
  WRITING,
} from '../../draw/palette.ts';
import type { MachineEvent } from '../../engine/words.ts';
import { type CellChange, looksAt, MOST_SCENES, playbackOf, playedOver } from './animations.ts';
import { SceneReader } from './scene-reader.ts';

const KINDS = ['none', 'claim', 'pte', 'pfn', 'swap-read-end', 'swap-write-end'];
let sequence = 0;

function event(
  kind: string,
  number: number,
  a: number,
  b: number,
  process: number | null = 0,
): MachineEvent {
  return {
    time: sequence++,
    order: 0,
    kind: KINDS.indexOf(kind),
    cpu: 0,
    process,
    number,
    a: [a, 0],
    b: [b, 0],
  };
}

const scenesOf = (events: MachineEvent[]) => new SceneReader(KINDS).scenes(events);
const valid = (number: number) => ((number << 12) | 1 | 4 | 16) >>> 0;
const playback = (...events: MachineEvent[]) => playbackOf(scenesOf(events), 0);

test('w3 an eviction is told in its true order: the PTE, the frame, the wire to swap', () => {
  const { changes, flights } = playback(
    event('pte', 3, valid(5), (5 << 12) | 2),
    event('pfn', 5, ACTIVE, MODIFIED),
    event('swap-write-end', 9, 5, 0),
    event('pfn', 5, MODIFIED, FREE),
    event('pte', 3, (5 << 12) | 2, (9 << 12) | 3),
  );
  expect(changes.map(({ cell }) => `${cell.grid} ${cell.index}`)).toEqual([
    'pages 3',
    'frames 5',
    'slots 8',
    'frames 5',
    'pages 3',
  ]);
  expect(changes.map(({ before }) => before)).toEqual([
    MODIFIED | DIRTY_MARK,
    ACTIVE,
    FREE,
    MODIFIED,
    STANDBY,
  ]);
  expect(flights).toMatchObject([
    { from: { grid: 'frames', index: 5 }, to: { grid: 'slots', index: 8 }, state: WRITING },
  ]);
  expect(changes[2]?.at).toBe(flights[0]?.end);
});

test('w3 a write to a shared page copies from frame to frame, and then the page changes', () => {
  const inTransit = 32;
  const { changes, flights } = playback(
    event('claim', 3, (5 << 12) | 1, (5 << 12) | 1 | inTransit),
    event('pte', 3, (5 << 12) | 1 | inTransit, (5 << 12) | 2 | inTransit),
    event('pte', 3, (5 << 12) | 2 | inTransit, valid(6)),
  );
  expect(flights).toMatchObject([
    { kind: 'copy', from: { index: 5 }, to: { index: 6 }, page: { index: 3, process: 0 } },
  ]);
  expect(changes.map(({ before }) => before)).toEqual([PROTECTED, READING, READING]);
  expect(changes[2]?.at).toBe(flights[0]?.end);
});

test('w3 a write to a page that others have on swap too reads it in, and copies it from there', () => {
  const { flights } = playback(
    event('swap-read-end', 9, 7, 0),
    event('pte', 3, (9 << 12) | 3 | 32, valid(8)),
  );
  expect(flights).toMatchObject([
    { kind: 'read-in', from: { grid: 'slots', index: 8 }, to: { index: 7 } },
    { kind: 'copy', from: { grid: 'frames', index: 7 }, to: { index: 8 } },
  ]);
});

test('w3 a page read from swap comes from its slot, and is not a copy', () => {
  const { flights } = playback(
    event('pte', 3, valid(5), (9 << 12) | 3),
    event('swap-read-end', 9, 7, 0),
    event('pte', 3, (9 << 12) | 3, valid(7)),
  );
  expect(flights).toMatchObject([{ from: { grid: 'slots', index: 8 }, to: { index: 7 } }]);
});

test('w3 events of several CPUs are told by their sequence', () => {
  const first = event('pfn', 1, 0, ACTIVE);
  const second = event('pfn', 2, 0, ACTIVE);
  const { changes } = playback(second, first);
  expect(changes.map(({ cell }) => cell.index)).toEqual([1, 2]);
});

test('w3 until its moment a cell looks as it did, and then as the machine has it', () => {
  const { changes, end } = playback(
    event('pfn', 0, FREE, ACTIVE),
    event('pfn', 1, FREE, ACTIVE),
    event('pfn', 0, ACTIVE, MODIFIED),
  );
  const machine = Uint8Array.of(MODIFIED, ACTIVE);
  const at = (clock: number) => [...looksAt(changes, 'frames', undefined, machine, clock)];
  const [first, second, third] = changes.map((change) => change.at);
  expect(at(-1)).toEqual([FREE, FREE]);
  expect(at(first ?? 0)).toEqual([ACTIVE, FREE]);
  expect(at(second ?? 0)).toEqual([ACTIVE, ACTIVE]);
  expect(at(third ?? 0)).toEqual([MODIFIED, ACTIVE]);
  expect(at(end)).toEqual([...machine]);
  // Back again it is the same: nothing but the machine and the moment decides.
  expect(at(-1)).toEqual([FREE, FREE]);
});

test('w3 the pages of another process are not changed by what happens to this one’s', () => {
  const { changes } = playback(event('pte', 0, valid(5), (9 << 12) | 3, 1));
  const machine = Uint8Array.of(WRITING);
  expect([...looksAt(changes, 'pages', 0, machine, -1)]).toEqual([WRITING]);
  expect([...looksAt(changes, 'pages', 1, machine, -1)]).toEqual([MODIFIED | DIRTY_MARK]);
});

test('w3 a line of many scenes takes as long as one of a few', () => {
  const storm = Array.from({ length: MOST_SCENES }, (_, number) => event('pfn', number, 0, ACTIVE));
  expect(playback(...storm).end).toBeCloseTo(1600);
  expect(playbackOf([], 5)).toEqual({ changes: [], flights: [], end: 5 });
});

test('w3 of a run that is played, what comes within a moment begins within it, in its order', () => {
  const scenes = scenesOf([
    event('pfn', 0, FREE, ACTIVE),
    event('swap-write-end', 9, 5, 0),
    event('pfn', 1, FREE, ACTIVE),
  ]);
  const { changes, flights, end } = playedOver(scenes, 100, 30);
  const moments = (cells: readonly CellChange[]) => cells.map(({ at }) => at);
  expect(flights.map(({ begin }) => begin)).toEqual([110]);
  expect(moments(changes)).toEqual([100, flights[0]?.end, 120]);
  expect(end).toBe(flights[0]?.end);
});
