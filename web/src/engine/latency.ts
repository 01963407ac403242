// Reads in place how long faults took: the engine counts them by duration, in buckets whose widths grow with the
// durations, two significant digits wide. The format is written down in the engine's `observe/latencies.rs`.

import { LATENCY_HALF } from '../generated/machine.ts';
import { type MachineViews, recordAt } from './views.ts';

/** The shortest duration of a bucket, in nanoseconds. */
export function shortestOf(bucket: number): number {
  const shift = Math.max(0, Math.floor(bucket / LATENCY_HALF) - 1);
  return (bucket - LATENCY_HALF * shift) * 2 ** shift;
}

/** The longest duration of a bucket: what a quantile that falls into it is told as. */
export function longestOf(bucket: number): number {
  return shortestOf(bucket + 1) - 1;
}

/** How wide the bucket of a duration is: two that are no farther apart may have been nearly the same. */
export function widthAt(duration: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(duration / LATENCY_HALF)));
}

/** The counts of one kind of fault, all rows together. */
export class Latencies {
  readonly counts: Float64Array;
  /** How many faults were timed. */
  readonly timed: number;

  constructor(counts: Float64Array) {
    this.counts = counts;
    this.timed = counts.reduce((sum, count) => sum + count, 0);
  }

  /** The duration that a share of the faults did not exceed. */
  quantile(share: number): number {
    const wanted = Math.max(1, Math.ceil(share * this.timed - 1e-9));
    let seen = 0;
    for (const [bucket, count] of this.counts.entries()) {
      seen += count;
      if (seen >= wanted) return longestOf(bucket);
    }
    return 0;
  }

  /** All of them together, each as long as the middle of its bucket. */
  total(): number {
    return this.counts.reduce(
      (sum, count, bucket) =>
        count === 0 ? sum : sum + (count * (shortestOf(bucket) + longestOf(bucket))) / 2,
      0,
    );
  }
}

export function latenciesOf(machine: MachineViews, kind: number): Latencies {
  const { parts, latency_buckets } = machine.layout;
  const counts = new Float64Array(latency_buckets);
  const words = machine.words;
  for (let row = 0; row < parts.latencies.count; row++) {
    const at = recordAt(parts.latencies, row) + kind * latency_buckets;
    for (let bucket = 0; bucket < latency_buckets; bucket++) {
      counts[bucket] = (counts[bucket] as number) + (words[at + bucket] as number);
    }
  }
  return new Latencies(counts);
}
