import { expect, test } from 'vitest';
import { likeness, ranked } from './fuzzy.ts';

test('letters fit in their order, and not otherwise', () => {
  expect(likeness('wrt', 'Write')).toBeDefined();
  expect(likeness('trw', 'Write')).toBeUndefined();
  expect(likeness('', 'anything')).toBeDefined();
});

test('a40 with nothing typed everything stands in its order', () => {
  const names = ['Write', 'Go', 'Breakpoints'];
  expect(ranked(' ', names, (name) => name)).toEqual(names);
});

test('the beginning of a word is worth more than its middle, and a whole word most', () => {
  const names = ['Share', 'Switch to a CPU…', 'Read', 'Wake', 'Write'];
  expect(ranked('w', names, (name) => name)[0]).toBe('Wake');
  expect(ranked('cpu', names, (name) => name)[0]).toBe('Switch to a CPU…');
  expect(ranked('re', names, (name) => name)[0]).toBe('Read');
});
