// Counts the accesses to pages that lines of the script make, as far as the lines themselves tell.

import type { Op } from '../../generated/types.d.ts';

/** How many accesses it makes when it ends as it should; undefined where a trace or a range decides. */
export function accessesOf(op: Op): number | undefined {
  switch (op.op) {
    case 'read':
    case 'write':
      return 1;
    case 'run':
      return op.accesses;
    case 'together':
      return sumOf(op.scripts.flat());
    case 'repeat': {
      const once = sumOf(op.script);
      return once === undefined ? undefined : once * op.times;
    }
    default:
      return 0;
  }
}

function sumOf(ops: readonly Op[]): number | undefined {
  let sum = 0;
  for (const op of ops) {
    const one = accessesOf(op);
    if (one === undefined) return undefined;
    sum += one;
  }
  return sum;
}

/**
 * The share of these lines that is done when so many have ended and so many accesses were made. An access counts as
 * much as a line; a line whose accesses are not known counts as a line alone.
 */
export function shareDone(ops: readonly Op[], ended: number, accesses: number): number {
  const weights = ops.map((op) => accessesOf(op) ?? 0);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const before = weights.slice(0, ended).reduce((sum, weight) => sum + weight, 0);
  // Within the line that is under way; what no line counts on is not counted.
  const within = Math.min(Math.max(accesses, before), before + (weights[ended] ?? 0));
  return (ended + within) / (ops.length + all || 1);
}
