import { expect, test } from 'vitest';
import { placeFrom } from './typed-target.ts';

test('r4 a place is typed as an event, a time or a line', () => {
  expect(placeFrom(' 1200 ')).toEqual({ events: 1200 });
  expect(placeFrom('event 1,200')).toEqual({ events: 1200 });
  expect(placeFrom('3.5 ms')).toEqual({ time_ns: 3_500_000 });
  expect(placeFrom('12µs')).toEqual({ time_ns: 12_000 });
  expect(placeFrom('2 s')).toEqual({ time_ns: 2e9 });
  // Where the fourth line begins three have run.
  expect(placeFrom('Line 4')).toEqual({ line: 3 });
});

test('r4 what is no place is none', () => {
  for (const words of ['', 'x', '-3', '1.5', '3 parsecs', 'line', '1e3', '99999999999999999 s']) {
    expect(placeFrom(words), words).toBeUndefined();
  }
});
