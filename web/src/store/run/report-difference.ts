// Lays two reports side by side: each of their numbers is a row, and rows differ or do not.

import { widthAt } from '../../engine/latency.ts';
import type { Report } from '../../generated/types.d.ts';

type Unit = 'count' | 'time' | 'word';

export interface Row {
  /** Which part of the report it is of, and its keys in there. */
  readonly part: 'run' | 'counters' | 'latency' | 'locks' | 'events';
  readonly keys: readonly string[];
  readonly unit: Unit;
  /** What each report says; undefined where it says nothing. */
  readonly one: string | number | undefined;
  readonly other: string | number | undefined;
}

type Flat = Map<string, Omit<Row, 'one' | 'other'> & { value: string | number }>;

function flat(report: Report): Flat {
  const rows: Flat = new Map();
  const put = (part: Row['part'], keys: readonly string[], unit: Unit, value: string | number) =>
    rows.set(`${part}/${keys.join('/')}`, { part, keys, unit, value });
  const unitOf = (key: string): Unit => (key.endsWith('_ns') ? 'time' : 'count');
  put('run', ['time_ns'], 'time', report.time_ns);
  put('run', ['fault_ns'], 'time', report.fault_ns);
  put('run', ['failures'], 'count', report.failures.length);
  put('run', ['state_hash'], 'word', report.state_hash);
  if (report.trace_hash) put('run', ['trace_hash'], 'word', report.trace_hash);
  for (const [name, value] of Object.entries(report.counters)) {
    put('counters', [name], 'count', value);
  }
  for (const part of ['latency', 'locks', 'events'] as const) {
    for (const [name, numbers] of Object.entries(report[part] ?? {})) {
      for (const [key, value] of Object.entries(numbers)) {
        if (typeof value === 'number') put(part, [name, key], unitOf(key), value);
      }
    }
  }
  return rows;
}

/** The rows of two reports, in the order of the first. */
export function compared(one: Report, other: Report): Row[] {
  const [left, right] = [flat(one), flat(other)];
  const keys = new Set([...left.keys(), ...right.keys()]);
  return [...keys].flatMap((key) => {
    const row = left.get(key) ?? right.get(key);
    if (row === undefined) return [];
    const { part, keys, unit } = row;
    return [{ part, keys, unit, one: left.get(key)?.value, other: right.get(key)?.value }];
  });
}

/** Figures of which less is better: what a program waits for, and the work that it costs. */
const COSTS: ReadonlySet<string> = new Set([
  ...['faults', 'hard', 'copies', 'collided', 'retries', 'evictions', 'swap_reads', 'swap_writes'],
  ...['examined', 'slots_examined', 'shootdowns', 'frame_waits', 'contended', 'failures'],
  'read_ahead_misses',
]);

/** Whether a row says something of the machine: another hash, or what was recorded, says only that the runs differ. */
export function isTelling({ part, unit }: Row): boolean {
  return part !== 'events' && unit !== 'word';
}

/** Below this share of a time a difference tells nothing of the machines. */
const TOLD_SHARE = 0.005;

/** Whether two times are as near as their clock, of a step of a nanosecond, or the buckets of latencies can tell. */
function isSameTime({ part }: Row, one: number, other: number): boolean {
  const most = Math.max(one, other);
  const apart = Math.abs(one - other);
  return apart <= (part === 'latency' ? widthAt(most) : 1) || apart < TOLD_SHARE * most;
}

/** Whether the other is better or worse, or of a time too near to tell, where that can be said. */
export function verdictOf(row: Row): 'better' | 'worse' | 'same' | undefined {
  const { keys, unit, one, other } = row;
  const isCost = unit === 'time' || COSTS.has(keys.at(-1) ?? '');
  if (!isCost || typeof one !== 'number' || typeof other !== 'number' || one === other) {
    return undefined;
  }
  if (unit === 'time' && isSameTime(row, one, other)) return 'same';
  return other < one ? 'better' : 'worse';
}

export function differs({ one, other }: Row): boolean {
  return one !== other;
}
