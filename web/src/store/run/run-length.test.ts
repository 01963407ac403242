import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Stand } from '../../engine/client.ts';
import { distanceOf, spanOf, targetAt } from './run-length.ts';

const at = (events: number, line: number, under_way = false): Stand => ({
  events,
  line,
  under_way,
  before: 0,
  time_ns: 0,
});

test('r4 the whole run is known: its length is its events, and a line’s end is where the line is over', () => {
  const span = spanOf([10, 10, 50], at(50, 3), 3);
  expect(span).toMatchObject({ known: 50, ahead: [], length: 50, starts: [0, 10, 10] });
  expect(targetAt(span, 0)).toEqual({ line: 0 });
  expect(targetAt(span, 7.4)).toEqual({ events: 7 });
  expect(targetAt(span, 10)).toEqual({ line: 2 });
  expect(targetAt(span, 50)).toEqual({ line: 3 });
});

test('r4 a11 of a run that is not known each line has a slot of the same length', () => {
  const span = spanOf([10, 20], at(26, 2, true), 5);
  expect(span).toMatchObject({ length: 5, starts: [0, 1, 2], ahead: [3, 4, 5] });
  expect(span.known).toBeGreaterThan(2);
  expect(span.known).toBeLessThan(3);
  expect(targetAt(span, 1.5)).toEqual({ events: 15 });
  expect(targetAt(span, 2)).toEqual({ line: 2 });
  expect(targetAt(span, span.known)).toEqual({ events: 26 });
  expect(targetAt(span, span.known + 0.2)).toEqual({ line: 3 });
  expect(targetAt(span, 5)).toEqual({ line: 5 });
});

test('r4 nothing is known at boot, and every line can be gone to', () => {
  const span = spanOf([], at(0, 0), 3);
  expect([0, 1, 2, 3].map((distance) => targetAt(span, distance))).toEqual([
    { line: 0 },
    { line: 1 },
    { line: 2 },
    { line: 3 },
  ]);
});

test('r4 a11 where the lengths of lines come with the page the thumb is in its place from the first event on', () => {
  const lengths = [10, 10, 50];
  const first = spanOf([], at(4, 0, true), 3, lengths);
  const last = spanOf(lengths, at(50, 3), 3, lengths);
  for (const span of [first, last]) {
    expect(span.length).toBe(50);
    expect(distanceOf(span, at(4, 0, true))).toBe(4);
    expect(targetAt(span, 30)).toEqual({ events: 30 });
  }
  expect(first).toMatchObject({ known: 4, starts: [0], ahead: [10, 10, 50] });
});

/** Runs of random lines, of which the first have ended and one may be under way. */
const runs = fc.record({
  lengths: fc.array(fc.nat(40), { maxLength: 12 }),
  ahead: fc.nat(8),
  under: fc.nat(20),
});

function spanIn({ lengths, ahead, under }: { lengths: number[]; ahead: number; under: number }) {
  let sum = 0;
  const ends = lengths.map((length) => {
    sum += length;
    return sum;
  });
  const stand = at(sum + under, ends.length, under > 0);
  return { ends, stand, span: spanOf(ends, stand, ends.length + ahead + 1) };
}

test('r4 a later point of the slider is never an earlier place', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const { ends, span } = spanIn(run);
      let [line, events] = [0, 0];
      for (let share = 0; share <= 1; share += 1 / 64) {
        const target = targetAt(span, share * span.length);
        if ('line' in target) {
          expect(target.line).toBeGreaterThanOrEqual(line);
          line = target.line;
          events = Math.max(events, ends[line - 1] ?? 0);
        } else if ('events' in target) {
          expect(target.events).toBeGreaterThanOrEqual(events);
          events = target.events;
        }
      }
    }),
  );
});

test('r4 a11 the thumb never goes back while a run goes on, and a run that is not known does not move under it', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const { ends, stand, span } = spanIn(run);
      const later = spanOf(ends, at(stand.events + 1, stand.line, true), span.starts.length + 20);
      const way = { ...span, length: later.length };
      expect(distanceOf(later, at(stand.events + 1, stand.line, true))).toBeGreaterThan(
        distanceOf(way, stand) - 1e-9,
      );
      for (const [line, end] of ends.entries()) {
        expect(distanceOf(later, at(end, line + 1))).toBe(line + 1);
      }
    }),
  );
});
