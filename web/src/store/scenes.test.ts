import { expect, test } from 'vitest';
import { ACTIVE, FREE, MODIFIED, READING, WRITING } from '../draw/palette.ts';
import type { MachineEvent } from '../engine/words.ts';
import { looksAt, storyOf } from './story.ts';

const KINDS = ['none', 'pte', 'pfn', 'swap-read-end', 'swap-write-end'];
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

const valid = (number: number) => ((number << 12) | 1 | 4 | 16) >>> 0;

test('w3 an eviction is told in its true order: the PTE, the frame, the wire to swap', () => {
  const story = storyOf(
    [
      event('pte', 3, valid(5), (5 << 12) | 2),
      event('pfn', 5, ACTIVE, MODIFIED),
      event('swap-write-end', 9, 5, 0),
      event('pfn', 5, MODIFIED, FREE),
      event('pte', 3, (5 << 12) | 2, (9 << 12) | 3),
    ],
    KINDS,
    0,
  );
  expect(story?.beats.map(({ place }) => `${place.grid} ${place.index}`)).toEqual([
    'pages 3',
    'frames 5',
    'slots 8',
    'frames 5',
    'pages 3',
  ]);
  expect(story?.flights).toMatchObject([
    { from: { grid: 'frames', index: 5 }, to: { grid: 'slots', index: 8 }, state: WRITING },
  ]);
  const [, , slotBeat] = story?.beats ?? [];
  expect(slotBeat?.at).toBe(story?.flights[0]?.end);
});

test('w3 a write to a shared page copies from frame to frame, and then the page changes', () => {
  const inTransit = 32;
  const story = storyOf(
    [event('pte', 3, (5 << 12) | 1, inTransit), event('pte', 3, inTransit, valid(6))],
    KINDS,
    0,
  );
  expect(story?.flights).toMatchObject([{ from: { index: 5 }, to: { index: 6 } }]);
  expect(story?.beats.map(({ look }) => look)).toEqual([READING, MODIFIED]);
  expect(story?.beats[1]?.at).toBe(story?.flights[0]?.end);
});

test('w3 a page read from swap comes from its slot, and is not a copy', () => {
  const story = storyOf(
    [
      event('pte', 3, valid(5), (9 << 12) | 3),
      event('swap-read-end', 9, 7, 0),
      event('pte', 3, (9 << 12) | 3, valid(7)),
    ],
    KINDS,
    0,
  );
  expect(story?.flights).toMatchObject([{ from: { grid: 'slots', index: 8 }, to: { index: 7 } }]);
});

test('w3 events of several CPUs are told by their sequence', () => {
  const first = event('pfn', 1, 0, ACTIVE);
  const second = event('pfn', 2, 0, ACTIVE);
  const story = storyOf([second, first], KINDS, 0);
  expect(story?.beats.map(({ place }) => place.index)).toEqual([1, 2]);
});

test('w3 the grid at a moment is what was, and what happened by then', () => {
  const story = storyOf([event('pfn', 0, 0, ACTIVE), event('pfn', 1, 0, ACTIVE)], KINDS, 0);
  if (story === undefined) throw new Error('no story');
  const before = new Uint8Array(2);
  const at = (playhead: number) => [...looksAt(story, 'frames', before, playhead)];
  expect(at(-1)).toEqual([0, 0]);
  expect(at(0)).toEqual([ACTIVE, 0]);
  expect(at(story.duration)).toEqual([ACTIVE, ACTIVE]);
  expect(at(-1)).toEqual([0, 0]);
});

test('pages of other processes, silence and a storm make no story', () => {
  expect(storyOf([event('pte', 1, 0, (5 << 12) | 3, 1)], KINDS, 0)).toBeUndefined();
  expect(storyOf([], KINDS, 0)).toBeUndefined();
  const storm = Array.from({ length: 500 }, (_, number) => event('pfn', number, 0, ACTIVE));
  expect(storyOf(storm, KINDS, 0)).toBeUndefined();
});
