import { expect, test } from 'vitest';
import { SyntheticMachine } from '../../testing/synthetic-machine.ts';
import { Latencies, latenciesOf, longestOf, shortestOf } from './latency.ts';

test('w4 buckets follow each other without a gap, each less than one in a hundred wide', () => {
  for (let bucket = 0; bucket < 3839; bucket++) {
    expect(shortestOf(bucket + 1)).toBe(longestOf(bucket) + 1);
    const width = longestOf(bucket) - shortestOf(bucket);
    expect(width / Math.max(1, shortestOf(bucket))).toBeLessThan(0.01);
  }
  expect([0, 255, 256, 257, 383, 384].map(shortestOf)).toEqual([0, 255, 256, 258, 510, 512]);
});

test('w4 a quantile is the duration that its share did not exceed', () => {
  const machine = new SyntheticMachine();
  machine.latency(2, 100, 98);
  machine.latency(2, 200, 1);
  machine.latency(2, 300, 1);
  const latencies = latenciesOf(machine.views(), 2);
  expect(latencies.timed).toBe(100);
  expect([0.5, 0.98, 0.99, 0.999].map((share) => latencies.quantile(share))).toEqual([
    100, 100, 200, 345,
  ]);
  expect(latenciesOf(machine.views(), 1).timed).toBe(0);
  expect(new Latencies(new Float64Array(3840)).quantile(0.5)).toBe(0);
});
