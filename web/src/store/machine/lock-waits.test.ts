import { expect, test } from 'vitest';
import type { LockName, LocksNow } from '../../engine/locks.ts';
import { placed, waitsAmong } from './lock-waits.ts';

const lock = (number: number): LockName => ({ kind: 1, process: 0, number });
const row = (at: number, awaits: number | null, ...holds: number[]): LocksNow => ({
  row: at,
  awaits: awaits === null ? null : lock(awaits),
  holds: holds.map(lock),
});

test('w4 those who wait for one lock stand together, with its holder', () => {
  const waits = waitsAmong([row(0, null, 7), row(1, 7), row(2, 7, 9), row(3, 9)]);
  expect(waits.map(({ lock: { number }, waiters, holders }) => [number, waiters, holders])).toEqual(
    [
      [7, [1, 2], [0]],
      [9, [3], [2]],
    ],
  );
  expect(waits.every(({ isCircular }) => !isCircular)).toBe(true);
  expect(placed(waits).map(({ top, lines }) => [top, lines])).toEqual([
    [0, 2],
    [2, 1],
  ]);
});

test('w4 waits that come round are a circle, and who waits for one of it is not part of it', () => {
  const waits = waitsAmong([row(0, 2, 1), row(1, 3, 2), row(2, 1, 3), row(3, 1, 4), row(4, 4)]);
  const circular = waits
    .filter(({ isCircular }) => isCircular)
    .map(({ lock: { number } }) => number);
  expect(circular.sort()).toEqual([1, 2, 3]);
});

test('w4 on threads nobody writes down who holds a lock', () => {
  expect(waitsAmong([row(5, 7)])).toEqual([
    { lock: lock(7), waiters: [5], holders: [], isCircular: false },
  ]);
  expect(waitsAmong([row(0, null, 3)])).toEqual([]);
});
