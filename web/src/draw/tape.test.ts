import { expect, test } from 'vitest';
import { laneHeight, type Slice, spanOf, tickStep, timeToX, xToTime } from './tape.ts';

const slice = (begin: number, end: number): Slice => ({ cpu: 0, begin, end, state: 0, phases: [] });

test('the span holds the slices and the playhead', () => {
  const span = spanOf([slice(1000, 1100), slice(1200, 1300)]);
  expect(span.from).toBeLessThan(1000);
  expect(span.from).toBeGreaterThan(900);
  expect(span.to).toBeGreaterThan(1300);
  expect(spanOf([slice(1000, 1100)], 2000).to).toBeGreaterThan(2000);
  expect(spanOf([], 500).to).toBeGreaterThan(500);
});

test('a point of the tape is the time that is drawn there', () => {
  const span = { from: 100, to: 200 };
  for (const time of [100, 117, 200]) {
    expect(xToTime(span, 500, timeToX(span, 500, time))).toBeCloseTo(time);
  }
  expect(xToTime(span, 500, 0)).toBe(100);
  expect(xToTime(span, 500, 9999)).toBe(200);
});

test('time runs from left to right within the room', () => {
  const span = { from: 100, to: 200 };
  const [first, middle, last] = [100, 150, 200].map((time) => timeToX(span, 500, time));
  expect(first).toBeGreaterThan(0);
  expect(middle).toBeGreaterThan(first as number);
  expect(last).toBeLessThanOrEqual(500);
});

test('ticks stand at round times', () => {
  expect(tickStep(1000, 5)).toBe(200);
  expect(tickStep(730, 5)).toBe(200);
  expect(tickStep(90_000, 8)).toBe(20_000);
});

test('lanes share the height, whatever the number of CPUs', () => {
  expect(laneHeight({ height: 116, cpus: 2 })).toBe(30);
  expect(laneHeight({ height: 116, cpus: 10 })).toBe(10);
  expect(laneHeight({ height: 116, cpus: 128 })).toBe(3);
});
