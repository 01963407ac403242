// Makes curves of latencies: each kind of fault by duration, as a share of its own, over bins that are evenly wide on a
// logarithmic axis.

import { type Latencies, longestOf, shortestOf } from '../engine/latency.ts';

/** Bins of each doubling of the duration. */
const FINENESS = 6;

export interface Distribution {
  /** The middle of each bin, in nanoseconds. */
  readonly durations: number[];
  /** For each kind the share of its faults in each bin, in per cent; null where it had none at all. */
  readonly shares: (number | null)[][];
}

function binOf(bucket: number): number {
  const middle = (shortestOf(bucket) + longestOf(bucket)) / 2;
  return Math.round(FINENESS * Math.log2(Math.max(1, middle)));
}

/** The distributions over the durations that any fault took, with an empty bin on either side. */
export function distributionOf(kinds: readonly Latencies[]): Distribution {
  const tallies = kinds.map(({ counts }) => {
    const tally = new Map<number, number>();
    for (const [bucket, count] of counts.entries()) {
      if (count > 0) tally.set(binOf(bucket), (tally.get(binOf(bucket)) ?? 0) + count);
    }
    return tally;
  });
  const used = tallies.flatMap((tally) => [...tally.keys()]);
  if (used.length === 0) return { durations: [], shares: kinds.map(() => []) };
  const [first, last] = [Math.min(...used) - 1, Math.max(...used) + 1];
  const bins = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  return {
    durations: bins.map((bin) => 2 ** (bin / FINENESS)),
    shares: kinds.map(({ timed }, kind) =>
      bins.map((bin) => (timed === 0 ? null : (100 * (tallies[kind]?.get(bin) ?? 0)) / timed)),
    ),
  };
}
