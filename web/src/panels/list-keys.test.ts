import { expect, test } from 'vitest';
import { rowAfterKey } from './list-keys.ts';

test('w1 arrow keys move among the rows of a list and stop at its ends', () => {
  const keys = ['ArrowDown', 'ArrowUp', 'Home', 'End'];
  expect(keys.map((key) => rowAfterKey(key, 3, 14))).toEqual([4, 2, 0, 13]);
  expect(rowAfterKey('ArrowUp', 0, 14)).toBe(0);
  expect(rowAfterKey('ArrowDown', 13, 14)).toBe(13);
  expect(rowAfterKey('Enter', 3, 14)).toBeUndefined();
});
