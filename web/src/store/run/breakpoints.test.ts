import { beforeEach, expect, test } from 'vitest';
import { text } from '../../text/text.ts';
import type { BreakpointSubject } from '../../types/breakpoint-subject.ts';
import {
  active,
  breakpoints,
  MOST_BREAKPOINTS,
  removeBreakpoint,
  setBreakpoint,
  soughtOf,
  switchBreakpoint,
} from './breakpoints.ts';

const page: BreakpointSubject = { of: 'page', process: 'init', index: 2, page: 7 };
const lock: BreakpointSubject = { of: 'lock', lock: 'pfn', which: 5, awaited: true };

beforeEach(() => {
  breakpoints.value = [];
});

test('r4 a breakpoint says to the engine what it says in words', () => {
  expect(soughtOf(page)).toEqual({ kinds: ['pte', 'claim'], process: 2, number: 7 });
  expect(text.breakpoint(page)).toBe('page 7 of init changes');
  expect(soughtOf(lock)).toEqual({ kinds: ['lock-wait'], number: 2, operand: 5 });
  expect(text.breakpoint(lock)).toBe('the PFN lock 5 is waited for');
  expect(soughtOf({ of: 'lock', lock: 'list', awaited: false })).toEqual({
    kinds: ['lock-take', 'lock-waited'],
    number: 4,
  });
});

test('r4 breakpoints are set once, switched, and removed; those that are on are looked for in order', () => {
  expect([page, lock, page].map(setBreakpoint)).toEqual([true, true, true]);
  expect(breakpoints.value).toHaveLength(2);
  const [first, second] = breakpoints.value;
  switchBreakpoint(first?.id ?? 0, false);
  expect(active()).toEqual({ subjects: [lock], stops: [soughtOf(lock)] });
  expect(setBreakpoint(page)).toBe(true);
  expect(active().subjects).toEqual([page, lock]);
  removeBreakpoint(second?.id ?? 0);
  expect(active().subjects).toEqual([page]);
});

test('r4 there are no more breakpoints than the engine looks for', () => {
  const set = (frame: number) => setBreakpoint({ of: 'frame', frame });
  for (let frame = 0; frame < MOST_BREAKPOINTS; frame++) expect(set(frame)).toBe(true);
  expect(set(MOST_BREAKPOINTS)).toBe(false);
  expect(active().stops).toHaveLength(MOST_BREAKPOINTS);
});
