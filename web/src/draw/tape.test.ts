import { expect, test } from 'vitest';
import { laneHeight, type Slice, spanOf, tickStep, timeToX } from './tape.ts';

const slice = (begin: number, end: number): Slice => ({ cpu: 0, begin, end, state: 0, phases: [] });

test('the span holds the latest slices and leaves out the older', () => {
  const slices = [slice(0, 10), slice(1000, 1100), slice(1200, 1300)];
  const span = spanOf(slices, 2);
  expect(span.from).toBeLessThan(1000);
  expect(span.from).toBeGreaterThan(900);
  expect(span.to).toBeGreaterThan(1300);
  expect(spanOf([])).toEqual({ from: 0, to: 1 });
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
