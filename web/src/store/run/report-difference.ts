// Lays two reports side by side: each of their numbers is a row, and rows differ or do not.

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

export function differs({ one, other }: Row): boolean {
  return one !== other;
}
