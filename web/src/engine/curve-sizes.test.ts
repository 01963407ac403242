import { expect, test } from 'vitest';
import { curveSizes } from './curve-sizes.ts';

test('s6 a curve has all sizes of a small program, and the sizes of a large one by one factor', () => {
  expect(curveSizes(5, 24)).toEqual([1, 2, 3, 4, 5]);
  const sizes = curveSizes(6400, 21, 298);
  expect(sizes).toHaveLength(22);
  expect([sizes[0], sizes.at(-1)]).toEqual([50, 6400]);
  expect(sizes).toContain(298);
  expect(sizes).toEqual([...sizes].sort((one, other) => one - other));
  // A machine that holds all pages needs no size of its own.
  expect(curveSizes(6400, 21, 10_000)).toHaveLength(21);
  expect(curveSizes(1, 24)).toEqual([1]);
});
