import { expect, test } from 'vitest';
import { Latencies } from '../engine/latency.ts';
import { distributionOf } from './distribution.ts';

function counts(...entries: [bucket: number, count: number][]): Latencies {
  const all = new Float64Array(3840);
  for (const [bucket, count] of entries) all[bucket] = count;
  return new Latencies(all);
}

test('w4 distributions are shares of each kind, over durations that grow evenly', () => {
  const { durations, shares } = distributionOf([counts([64, 3], [200, 1]), counts([512, 7])]);
  const ratio = (durations[1] ?? 0) / (durations[0] ?? 1);
  for (const [at, duration] of durations.entries()) {
    if (at > 0) expect(duration / (durations[at - 1] ?? 1)).toBeCloseTo(ratio, 6);
  }
  for (const kind of shares) {
    expect(kind.reduce<number>((sum, share) => sum + (share ?? 0), 0)).toBeCloseTo(100, 6);
    expect([kind[0], kind.at(-1)]).toEqual([0, 0]);
  }
  expect(durations[shares[0]?.indexOf(75) ?? 0]).toBeCloseTo(64, 0);
});

test('w4 a kind that has not happened has no curve', () => {
  const { shares } = distributionOf([counts([64, 3]), counts()]);
  expect(new Set(shares[1])).toEqual(new Set([null]));
  expect(distributionOf([counts()])).toEqual({ durations: [], shares: [[]] });
});
