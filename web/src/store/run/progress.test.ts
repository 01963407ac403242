import { expect, test } from 'vitest';
import { movementOf } from './progress.ts';

test('p19 a machine that reads pages in and evicts them again does not move', () => {
  const before = { accesses: 10, faults: 8, hard: 5, demand_zero: 3, copies: 1, swap_writes: 2 };
  const turning = { ...before, faults: 9000, hard: 8000, evictions: 8000, swap_reads: 8000 };
  expect(movementOf(turning)).toBe(movementOf(before));
});

test('p19 accesses, first writes, copies and pages written to swap are movement', () => {
  const before = { accesses: 10, demand_zero: 3, copies: 1, swap_writes: 2 };
  for (const name of Object.keys(before) as (keyof typeof before)[]) {
    expect(movementOf({ ...before, [name]: before[name] + 1 })).toBeGreaterThan(movementOf(before));
  }
});
