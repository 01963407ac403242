import { expect, test } from 'vitest';
import { measureStep } from './clock.ts';

test('a33 the step of a clock is the least by which it moves', () => {
  let asked = 0;
  // In milliseconds. It is asked three times a step, and one step is twice as long.
  const times = [0.01, 0.02, 0.04, 0.08, 0.1, 0.12, 0.14];
  expect(measureStep(() => times[Math.floor(asked++ / 3)] ?? 1)).toBe(20_000);
});
