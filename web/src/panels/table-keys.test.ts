import { expect, test } from 'vitest';
import { TableKeys } from './table-keys.ts';

test('w3 the table that has the focus stays when another comes beside it, and when it goes', () => {
  const keys = new TableKeys();
  const alone = keys.of([0], 0).get(0);
  const both = new Map(keys.of([0, 1], 0));
  expect(both.get(0)).toBe(alone);
  expect(both.get(1)).not.toBe(alone);
  expect(keys.of([0, 1], 1)).toEqual(both);
  expect(keys.of([1], 1).get(1)).toBe(both.get(1));
});

test('w3 a process that is selected in the place of another takes over its table', () => {
  const keys = new TableKeys();
  const first = keys.of([0], 0).get(0);
  expect(keys.of([5], 5).get(5)).toBe(first);
  const next = keys.of([5, 0], 5);
  expect(next.get(5)).toBe(first);
  expect(next.get(0)).not.toBe(first);
});
