// Makes tracks of records by hand, and holds that a run that is cut and goes on has the slices of one that went there at
// once, whatever was recorded and wherever it was cut.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FAULT, FAULT_UNDER_WAY, JOB, LOCK_WAIT, PHASE } from '../../draw/timeline-kinds.ts';
import type { Recorded } from '../../engine/event-recorder.ts';
import { lengthOf } from './row.ts';
import { Tracks } from './tracks.ts';

const KINDS = [
  ...['none', 'pte', 'fault-begin', 'fault-phase', 'fault-end', 'job-begin', 'job-end'],
  ...['lock-wait', 'lock-waited'],
];

interface Written {
  readonly ring: number;
  readonly kind: string;
  readonly time: number;
  readonly order?: number;
  readonly number?: number;
  readonly a?: number;
  readonly b?: number;
}

function recorded(...events: readonly Written[]): Recorded {
  const words = events.flatMap(({ ring, kind, time, order = 0, number = 0, a = 0, b = 0 }) => {
    const stamp = BigInt(time) * 4096n + BigInt(order);
    const halves = [Number(stamp & 0xffffffffn), Number(stamp >> 32n)];
    return [...halves, KINDS.indexOf(kind) | (ring << 8), number, a, 0, b, 0];
  });
  return { words: Uint32Array.from(words), lost: 0 };
}

/** All that tracks have, told plainly. */
function told(tracks: Tracks) {
  return tracks.all.map(({ rows, marks, open }) => ({
    rows: rows
      .map((row) => Array.from({ length: row.length }, (_, at) => row.slice(at)))
      .filter(({ length }) => length > 0),
    marks: Array.from({ length: marks.length }, (_, at) => marks.slice(at)),
    open: [...open],
  }));
}

const fault: readonly Written[] = [
  { ring: 0, kind: 'job-begin', time: 100, a: 3 },
  { ring: 0, kind: 'fault-begin', time: 110, number: 7, a: 1 },
  { ring: 0, kind: 'fault-phase', time: 120, a: 0 },
  { ring: 0, kind: 'lock-wait', time: 125, number: 1, a: 7, b: 2 },
  { ring: 0, kind: 'lock-waited', time: 165, number: 1, a: 7, b: 40 },
  { ring: 0, kind: 'fault-phase', time: 170, a: 2 },
  { ring: 0, kind: 'pte', time: 180, number: 7 },
  { ring: 0, kind: 'fault-end', time: 190, number: 7, a: 4 },
  { ring: 0, kind: 'job-end', time: 200, a: 3 },
];

test('w3 a job has its fault inside, the fault its phases, a phase its wait, with the holder of the lock', () => {
  const tracks = new Tracks(2, KINDS);
  tracks.take(recorded(...fault));
  const [cpu] = tracks.all;
  const kinds = cpu?.rows.map((row) =>
    Array.from({ length: row.length }, (_, at) => [row.slice(at).kind, lengthOf(row.slice(at))]),
  );
  expect(kinds).toEqual([
    [[JOB + 3, 100]],
    [[FAULT + 4, 80]],
    [
      [PHASE, 50],
      [PHASE + 2, 20],
    ],
    [[LOCK_WAIT + 1, 40]],
  ]);
  expect(cpu?.rows[3]?.slice(0)).toMatchObject({ number: 7, detail: 2 });
  expect(cpu?.marks.length).toBe(1);
  expect(tracks.sums(0, 1000).slices.count[FAULT + 4]).toBe(1);
  expect(tracks.sums(130, 140).slices.ns[LOCK_WAIT + 1]).toBe(10);
});

test('w3 what has begun and not ended is seen up to the last moment', () => {
  const tracks = new Tracks(2, KINDS);
  tracks.take(recorded(...fault.slice(0, 4)));
  expect(tracks.all[0]?.open.map(({ kind }) => kind)).toEqual([
    JOB + 3,
    FAULT_UNDER_WAY,
    PHASE,
    LOCK_WAIT + 1,
  ]);
  expect(tracks.sums(0, 1000).slices.ns[JOB + 3]).toBe(25);
});

/** Any events at all, in their order: ends without beginnings too. */
const anyEvents = fc
  .array(
    fc.record({
      ring: fc.nat(1),
      kind: fc.constantFrom(...KINDS.slice(1)),
      time: fc.nat(3),
      a: fc.nat(3),
      number: fc.nat(2),
      b: fc.nat(1),
    }),
    { maxLength: 400, size: 'max' },
  )
  .map((events) => {
    let [time, order] = [1000, 0];
    return events.map((event): Written => {
      order = event.time === 0 ? order + 1 : 0;
      time += event.time;
      return { ...event, time, order };
    });
  });

test('w3 a run that is cut and goes on otherwise is told as if it had always gone there', () => {
  fc.assert(
    fc.property(anyEvents, anyEvents, fc.nat(400), (events, others, at) => {
      const kept = events.slice(0, at);
      const last = kept.at(-1);
      const cut = last === undefined ? 0 : last.time + (last.order ?? 0) / 4096;
      const on = others.map((event) => ({ ...event, time: event.time + (last?.time ?? 0) }));
      const tracks = new Tracks(2, KINDS);
      tracks.take(recorded(...events));
      tracks.take({ cut, words: new Uint32Array(0), lost: 0 });
      tracks.take(recorded(...on));
      const straight = new Tracks(2, KINDS);
      straight.take(recorded(...kept, ...on));
      expect(told(tracks)).toEqual(told(straight));
      expect(tracks.sums(0, 1e6)).toEqual(straight.sums(0, 1e6));
    }),
    { numRuns: 200 },
  );
});

test('w3 past its bound the timeline keeps the latest, and says from when on', () => {
  const tracks = new Tracks(2, KINDS, 1000);
  for (let time = 0; time < 4000; time++) tracks.take(recorded({ ring: 0, kind: 'pte', time }));
  expect(tracks.size).toBeLessThanOrEqual(1000);
  expect(tracks.size).toBeGreaterThan(800);
  expect(tracks.keptFrom).toBeLessThanOrEqual(tracks.first);
  expect(tracks.last).toBe(3999);
});
