import { expect, test } from 'vitest';
import { distance, nearest } from './nearest.ts';

test('a26 a word that was mistyped is found among those that may stand there', () => {
  const keys = ['frames', 'slots', 'cpus', 'policy', 'free_lists', 'eviction'];
  expect(nearest('frame', keys)).toBe('frames');
  expect(nearest('polciy', keys)).toBe('policy');
  expect(nearest('CPU', keys)).toBe('cpus');
  expect(nearest('zebra', keys)).toBeUndefined();
  expect(nearest('lur', ['fifo', 'lru', 'nru'])).toBe('lru');
  expect([distance('', 'abc'), distance('abc', 'abc'), distance('ab', 'ba')]).toEqual([3, 0, 1]);
});
