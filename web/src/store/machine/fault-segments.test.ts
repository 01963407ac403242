import { expect, test } from 'vitest';
import type { Fault } from './fault-log.ts';
import { partTimes, segmentsOf } from './fault-segments.ts';

const fault: Fault = {
  ...{ cpu: 0, process: 1, page: 3, write: true, kind: 1, begin: 100, end: 200, walk: 8 },
  phases: [
    { phase: 0, begin: 104, end: 130 },
    { phase: 1, begin: 130, end: 150 },
    { phase: 2, begin: 150, end: 190 },
    { phase: 3, begin: 190, end: 200 },
  ],
  waits: [
    { end: 128, ns: 20, kind: 1 },
    { end: 145, ns: 5, kind: 4 },
  ],
};

test('w4 a fault is a stack of parts that meet, its waits for locks cut out of its phases', () => {
  const segments = segmentsOf(fault);
  expect(segments.map(({ part, begin, end }) => [part, begin, end])).toEqual([
    ['walk', 92, 100],
    ['begin', 100, 104],
    ['lock', 104, 108],
    ['wait', 108, 128],
    ['lock', 128, 130],
    ['find', 130, 140],
    ['wait', 140, 145],
    ['find', 145, 150],
    ['fill', 150, 190],
    ['map', 190, 200],
  ]);
  expect(segments.filter(({ part }) => part === 'wait').map(({ lock }) => lock)).toEqual([1, 4]);
  const times = partTimes(segments);
  expect(times.reduce((sum, { ns }) => sum + ns, 0)).toBe(108);
  expect(times.find(({ part }) => part === 'wait')?.ns).toBe(25);
});

test('w4 a wait from before a fault is none of its own', () => {
  const early = { ...fault, walk: 0, waits: [{ end: 95, ns: 60, kind: 1 }] };
  expect(segmentsOf(early).some(({ part }) => part === 'wait' || part === 'walk')).toBe(false);
  const across = { ...fault, waits: [{ end: 140, ns: 60, kind: 1 }] };
  const waits = segmentsOf(across).filter(({ part }) => part === 'wait');
  expect(waits.map(({ begin, end }) => [begin, end])).toEqual([
    [100, 104],
    [104, 130],
    [130, 140],
  ]);
});

test('w4 a fault without phases has still its time', () => {
  expect(segmentsOf({ ...fault, phases: [], waits: [], walk: 0 })).toEqual([
    { part: 'begin', begin: 100, end: 200 },
  ]);
});
