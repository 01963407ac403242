import { expect, test } from 'vitest';
import { targetFrom } from './typed-target.ts';

test('r4 a place is typed as an event, a time or a line', () => {
  expect(targetFrom(' 1200 ')).toEqual({ events: 1200 });
  expect(targetFrom('event 1,200')).toEqual({ events: 1200 });
  expect(targetFrom('3.5 ms')).toEqual({ time_ns: 3_500_000 });
  expect(targetFrom('12µs')).toEqual({ time_ns: 12_000 });
  expect(targetFrom('2 s')).toEqual({ time_ns: 2e9 });
  // Where the fourth line begins three have run.
  expect(targetFrom('Line 4')).toEqual({ line: 3 });
});

test('r4 what is no place is none', () => {
  for (const words of ['', 'x', '-3', '1.5', '3 parsecs', 'line', '1e3', '99999999999999999 s']) {
    expect(targetFrom(words), words).toBeUndefined();
  }
});
