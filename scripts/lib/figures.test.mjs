import { expect, test } from 'vitest';
import { median, percentile } from './figures.mjs';

test('the median is the middle, or half-way between the two in the middle', () => {
  expect([median([9, 1, 2]), median([4, 1, 2, 9])]).toEqual([2, 3]);
  expect(median([])).toBeNaN();
});

test('a percentile is one of the numbers, in whatever order they come', () => {
  const numbers = [5, 3, 1, 4, 2];
  expect([0, 0.5, 0.9, 1].map((share) => percentile(numbers, share))).toEqual([1, 3, 5, 5]);
  expect(percentile([], 0.5)).toBeNaN();
});
