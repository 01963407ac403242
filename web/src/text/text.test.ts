import { expect, test } from 'vitest';
import type { Op } from '../generated/types.d.ts';
import { text } from './text.ts';

const account = (
  op: Parameters<typeof text.narrate>[0]['op'],
  grew: Record<string, number> = {},
) => ({
  op,
  grew,
});
const write = { op: 'write', process: 'init', page: 3, value: 42 } as const;

test('a time has one to three digits before its point, and its unit', () => {
  expect([0, 63, 435, 1780, 80_400, 561_000, 1_290_000, 2_410_000_000].map(text.duration)).toEqual([
    '0 ns',
    '63 ns',
    '435 ns',
    '1.78 µs',
    '80.4 µs',
    '561 µs',
    '1.29 ms',
    '2.41 s',
  ]);
  expect([7, 1200, 3_400_000].map(text.rate)).toEqual(['7/s', '1.2 k/s', '3.4 M/s']);
});

test('a number of an axis has one to four digits, and thousands, millions and thousands of millions as units', () => {
  const numbers = [7, 1_250, 4_500, 12_340, 3_400_000, 120_000_000, 1_000_000_000, 2_500_000_000];
  expect(numbers.map(text.pictures.short)).toEqual([
    ...['7', text.number(1250), '4.5 k', text.number(12_340)],
    ...['3.4 M', '120 M', '1 G', '2.5 G'],
  ]);
});

test('a33 what is less than the whole is never told as all of it', () => {
  expect([1, 80 / 80.1, 0.9995, 0.993, 0.5, 0.04, 0.0004].map(text.percent)).toEqual([
    ...['100 %', '99.9 %', '> 99.9 %', '99.3 %', '50 %', '4.0 %', '< 0.1 %'],
  ]);
});

test('a33 a quantile says that it is known to its bucket', () => {
  const told = [40, 255, 507].map((ns) => text.quantile(ns, 0));
  expect(told).toEqual(['40 ns', '255 ns', '≤ 507 ns']);
});

test('a33 what is shorter than a step of the clock is told as no more than that', () => {
  expect([0, 19_999, 20_000].map((ns) => text.timed(ns, 20_000))).toEqual([
    ...['< 20.0 µs', '< 20.0 µs', '20.0 µs'],
  ]);
  expect([0, 507, 20_223].map((ns) => text.quantile(ns, 20_000))).toEqual([
    ...['< 20.0 µs', '< 20.0 µs', '≤ 20.2 µs'],
  ]);
  expect(text.timed(0, 0)).toBe('0 ns');
});

test('a write tells how its page came to be at hand', () => {
  const after = { format: 'valid', number: 16 } as const;
  const told = (grew: Record<string, number>) => text.narrate({ ...account(write, grew), after });
  expect(told({})).toBe('Stored; no fault.');
  expect(told({ demand_zero: 1 })).toMatch(/demand-zero.* frame 16/);
  expect(told({ copies: 1 })).toMatch(/copy on write: shared.* copied into frame 16/);
  expect(told({ reuses: 1 })).toMatch(/last sharer: reused without copying/);
  expect(told({ hard: 1 })).toMatch(/back from swap into frame 16/);
  expect(told({ soft: 1 })).toMatch(/no I\/O/);
});

test('a refusal and a failure are told apart', () => {
  expect(text.narrate({ ...account(write), code: 'not-running' })).toMatch(
    /^Failed: the process is not/,
  );
  expect(text.narrate({ ...account({ ...write, fails: 'read-only' }), code: 'read-only' })).toBe(
    'Refused: the page may not be written.',
  );
  expect(text.narrate({ ...account({ op: 'audit' }), message: 'frame 3 is on two lists' })).toBe(
    'Failed: frame 3 is on two lists.',
  );
});

test('a line of each kind is short', () => {
  expect(text.line({ op: 'spawn', as: 'init', pages: 1 })).toBe('init, 1 page');
  expect(text.line({ ...write, offset: 8 })).toBe('init · page 3 + 8 = 42');
  expect(
    text.line({ op: 'run', process: 'a', pattern: { zipf: 0.9 }, accesses: 10_000, cpus: 2 }),
  ).toBe('a, zipf 0.9, 10,000 accesses, 2 CPUs');
  expect(text.line({ op: 'map', process: 'a', pages: 2, read_only: true })).toBe(
    'a, 2 pages more, read-only',
  );
  expect(text.line({ op: 'unmap', process: 'a', page: 4, pages: 1 })).toBe('a · page 4, 1 page');
  expect(text.line({ op: 'expect', counter: 'copies', at_least: 1 })).toBe('copies ≥ 1');
});

test('what is expected is said in words', () => {
  const line = (op: object) => text.line({ op: 'expect', ...op } as Op);
  expect(line({ counter: 'soft', since: 'm', equals: 0 })).toBe('soft since m = 0');
  expect(line({ frames: 'free', at_least: 1, at_most: 3 })).toBe('free frames ≥ 1, ≤ 3');
  expect(line({ list: 'standby', equals: 2 })).toBe('standby list = 2');
  expect(line({ slots: 'used', at_most: 2 })).toBe('used slots ≤ 2');
  const page = { process: 'a', page: 3 };
  expect(line({ ...page, pte: 'valid', shared: 2, dirty: true, accessed: false })).toBe(
    'a · page 3 valid, shared by 2, dirty, not accessed',
  );
  const other = { process: 'b', page: 4 };
  expect(line({ ...page, writable: false, same_frame_as: other, other_frame_than: other })).toBe(
    'a · page 3 not writable, in the frame of b · page 4, in another frame than b · page 4',
  );
  expect(line({ process: 'a', parent: null, state: 'running', pages: 8 })).toBe(
    'a running, no parent, 8 pages',
  );
  expect(line({ process: 'a', parent: 'b' })).toBe('a child of b');
});

test('repeats, marks and checks have words, before and after they run', () => {
  const repeat: Op = { op: 'repeat', times: 3, script: [{ op: 'settle' }] };
  expect(text.line(repeat)).toBe('1 op, 3 times');
  expect(text.line({ op: 'mark', as: 'm' })).toBe('m');
  expect(text.line({ op: 'check' })).toBe('every process');
  expect(text.line({ op: 'check', process: 'a' })).toBe('a');
  expect(text.narrate(account(repeat, { accesses: 2, faults: 1 }))).toBe(
    'All done; 2 accesses, 1 fault.',
  );
  expect(text.narrate(account({ op: 'mark', as: 'm' }))).toBe('The counters are remembered.');
  expect(text.narrate(account({ op: 'check' }))).toBe('Every word holds what was stored there.');
  const racing: Op = { ...write, may_fail: ['not-running'] };
  expect(text.narrate({ ...account(racing), code: 'not-running' })).toMatch(/^Refused: /);
  expect(text.narrate({ ...account(racing), code: 'read-only' })).toMatch(/^Failed: /);
  const full: Op = { op: 'spawn', as: 'p', pages: 1 };
  expect(text.narrate({ ...account(full), code: 'too-many-processes' })).toBe(
    'Failed: the machine has room for no more processes.',
  );
});

test('a counter of aging is said in bits and in hexadecimal digits', () => {
  expect([0, 0x6e].map(text.inspector.counterBits)).toEqual(['00000000 (00)', '01101110 (6E)']);
});
