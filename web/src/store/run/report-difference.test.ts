import { expect, test } from 'vitest';
import type { Report } from '../../generated/types.d.ts';
import { compared, differs, isTelling, verdictOf } from './report-difference.ts';

const report = (changes: Partial<Report>): Report => ({
  ok: true,
  failures: [],
  counters: { faults: 3, copies: 1 } as Report['counters'],
  latency: { hard: { count: 2, p50_ns: 10, p99_ns: 20, p999_ns: 20, max_ns: 20 } },
  locks: { pte: { acquisitions: 9, contended: 0, wait_ns: 0, hold_ns: 5 } },
  fault_ns: 30,
  time_ns: 100,
  regions: [],
  state_hash: 'aa',
  trace_hash: 'bb',
  ...changes,
});

test('every number of both reports is a row, and rows tell whether they differ', () => {
  const one = report({});
  const other = report({
    time_ns: 90,
    trace_hash: 'cc',
    counters: { faults: 4, copies: 1 } as Report['counters'],
    latency: {},
  });
  const rows = compared(one, other);
  const named = new Map(rows.map((row) => [[row.part, ...row.keys].join('/'), row]));
  expect(named.size).toBe(rows.length);
  expect(named.get('run/time_ns')).toMatchObject({ unit: 'time', one: 100, other: 90 });
  expect(named.get('counters/faults')).toMatchObject({ unit: 'count', one: 3, other: 4 });
  expect(named.get('latency/hard/p50_ns')).toMatchObject({ one: 10, other: undefined });
  expect(named.get('locks/pte/hold_ns')).toMatchObject({ unit: 'time', one: 5, other: 5 });
  expect(rows.filter(differs).map(({ part, keys }) => [part, ...keys].join('/'))).toEqual([
    'run/time_ns',
    'run/trace_hash',
    'counters/faults',
    'latency/hard/count',
    'latency/hard/p50_ns',
    'latency/hard/p99_ns',
    'latency/hard/p999_ns',
    'latency/hard/max_ns',
  ]);
  expect(compared(one, one).filter(differs)).toEqual([]);
});

test('a38 of what a program waits for and of the work it costs less is better, and a hash is neither', () => {
  const row = (keys: string[], unit: 'count' | 'time' | 'word', one: number, other: number) => ({
    part: 'counters' as const,
    ...{ keys, unit, one, other },
  });
  expect(verdictOf(row(['hard'], 'count', 9, 3))).toBe('better');
  expect(verdictOf(row(['wait_ns'], 'time', 3, 9))).toBe('worse');
  expect(verdictOf(row(['hard'], 'count', 999, 1000))).toBe('worse');
  expect(verdictOf(row(['soft'], 'count', 3, 9))).toBeUndefined();
  expect(verdictOf(row(['hard'], 'count', 3, 3))).toBeUndefined();
  expect(isTelling({ ...row(['recorded'], 'count', 1, 2), part: 'events' })).toBe(false);
  expect(isTelling(row(['trace_hash'], 'word', 1, 2))).toBe(false);
});

test('a38 times that are nearer than their clock, half a percent or their bucket can tell are the same', () => {
  const verdict = (part: 'run' | 'latency', one: number, other: number) =>
    verdictOf({ part, keys: ['p99_ns'], unit: 'time', one, other });
  expect(verdict('run', 340, 341)).toBe('same');
  expect(verdict('run', 200, 201)).toBe('same');
  expect(verdict('run', 340, 343)).toBe('worse');
  expect(verdict('run', 100_000, 99_501)).toBe('same');
  expect(verdict('run', 100_000, 99_499)).toBe('better');
  // From 256 ns on a bucket is two wide, from 512 four: the longest duration of one is not far from the shortest of the next.
  expect(verdict('latency', 257, 259)).toBe('same');
  expect(verdict('latency', 257, 261)).toBe('worse');
  expect(verdict('latency', 515, 519)).toBe('same');
  expect(verdict('latency', 519, 511)).toBe('better');
});
