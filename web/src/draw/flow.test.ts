import { expect, test } from 'vitest';
import { along, ease } from './flow.ts';

test('a comet leaves from one cell and arrives at the other', () => {
  const [from, to] = [
    { x: 10, y: 20 },
    { x: 300, y: -40 },
  ];
  expect(along(from, to, 0)).toEqual(from);
  expect(along(from, to, 1)).toEqual(to);
});

test('there and back are two wires', () => {
  const [a, b] = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
  ];
  expect(along(a, b, 0.5).y).toBeGreaterThan(0);
  expect(along(b, a, 0.5).y).toBeLessThan(0);
});

test('the way is held between its ends', () => {
  expect(ease(-1)).toBe(0);
  expect(ease(0.5)).toBe(0.5);
  expect(ease(2)).toBe(1);
});
