// Words of the comparison of two machines, and of a run that is written as a timeline.

import { number, plural } from './format.ts';
import { locksText } from './locks.ts';

const [, acquired, contended, , wait, held] = locksText.locks.columns;

export const compareText = {
  compare: {
    title: 'Side by side',
    note: 'The same script and seed on both machines, each on virtual CPUs.',
    field: 'Field',
    one: 'Current',
    other: 'Changed',
    difference: 'Difference',
    change: (name: string, one: string, other: string) => `${name}: ${one} → ${other}`,
    running: (one: number, other: number, total: number) =>
      `Running: line ${number(one)} and line ${number(other)} of ${number(total)}`,
    sameBytes: 'Programs saw the same bytes on both.',
    otherBytes: 'Programs did not see the same bytes on both.',
    nothing: 'Nothing in the reports differs.',
    same: (count: number) => `${plural(count, 'field')} with the same value on both`,
    failed: (side: string, at: string, expected: string, found: string) =>
      `${side}: ${at} expected ${expected}, found ${found}`,
    back: 'Back to the machine',
    take: 'Run the changed machine',
    verdicts: { better: '▼ better', worse: '▲ worse', same: '≈ same' },
    missing: '–',
    another: 'another',
    parts: {
      run: 'Run',
      counters: 'Counters',
      latency: 'Fault latency',
      locks: 'Locks',
      events: 'Events',
    },
    keys: {
      time_ns: 'time',
      fault_ns: 'time of all faults',
      failures: 'checks that failed',
      state_hash: 'hash of all bytes',
      trace_hash: 'hash of all events',
      count: 'count',
      p50_ns: 'p50',
      p99_ns: 'p99',
      p999_ns: 'p99.9',
      max_ns: 'longest',
      acquisitions: acquired,
      contended,
      wait_ns: wait,
      hold_ns: held,
    } as Record<string, string>,
  },
  trace: {
    title: 'Timeline',
    note: 'The whole run for Perfetto: a lane for each CPU and daemon, with faults and their phases, waits and transfers. It is run once more to write it.',
    save: 'Save as a Chrome trace',
    running: (done: number, lines: number, bytes: number) =>
      `Line ${number(done)} of ${number(lines)}, ${(bytes / 1e6).toFixed(1)} MB`,
    failed: (why: string) => `It could not be written: ${why}`,
  },
};
