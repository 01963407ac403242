// Reads a place of the run as one types it.

import type { Target } from '../../engine/client.ts';

/** Units of time that may be typed, in nanoseconds. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
};

/** A place as one types it: `1200` an event, `3.5 ms` a time, `line 4` where that line begins. */
export function targetFrom(words: string): Target | undefined {
  const said = words.trim().toLowerCase().replaceAll(',', '');
  const line = /^line\s*(\d{1,9})$/.exec(said);
  if (line !== null) return { line: Math.max(0, Number(line[1]) - 1) };
  const event = /^(?:event\s*)?(\d{1,15})$/.exec(said);
  if (event !== null) return { events: Number(event[1]) };
  const time = /^(\d+(?:\.\d+)?)\s*([a-zµμ]+)$/.exec(said);
  const unit = UNITS[time?.[2] ?? ''];
  if (time === null || unit === undefined) return undefined;
  const time_ns = Math.round(Number(time[1]) * unit);
  return Number.isSafeInteger(time_ns) ? { time_ns } : undefined;
}
