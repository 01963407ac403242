import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Stand } from '../../engine/client.ts';
import { spanOf, targetAt } from './run-length.ts';

const at = (events: number, line: number, under_way = false): Stand => ({
  events,
  line,
  under_way,
  before: 0,
  time_ns: 0,
});

test('r4 the whole run is known: its length is its events, and a line’s end is where the line is over', () => {
  const span = spanOf([10, 10, 50], at(50, 3), 3);
  expect(span).toMatchObject({ known: 50, ahead: 0, length: 50, starts: [0, 10, 10] });
  expect(targetAt(span, 0)).toEqual({ line: 0 });
  expect(targetAt(span, 7.4)).toEqual({ events: 7 });
  expect(targetAt(span, 10)).toEqual({ line: 2 });
  expect(targetAt(span, 50)).toEqual({ line: 3 });
});

test('r4 lines that have not run stand after what is known, one length each', () => {
  const span = spanOf([10, 20], at(26, 2, true), 5);
  expect(span).toMatchObject({ known: 26, ahead: 2, starts: [0, 10, 20] });
  expect(targetAt(span, 26)).toEqual({ events: 26 });
  expect(targetAt(span, 26.01)).toEqual({ line: 3 });
  expect(targetAt(span, span.length)).toEqual({ line: 4 });
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

test('r4 a later point of the slider is never an earlier place', () => {
  const lengths = fc.array(fc.nat(40), { maxLength: 12 });
  fc.assert(
    fc.property(lengths, fc.nat(8), fc.nat(20), (lines, ahead, under) => {
      let sum = 0;
      const ends = lines.map((length) => {
        sum += length;
        return sum;
      });
      const span = spanOf(ends, at(sum + under, ends.length, under > 0), ends.length + ahead + 1);
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
