// Measures the run as a length for the slider. Where the end of every line is known, because it has run or because it
// comes with the page, a line is as long as its events are many. Where it is not, each line has one slot of the same
// length, so that the thumb moves evenly and nothing moves under it.

import type { Stand, Target } from '../../engine/client.ts';

export interface Span {
  /** The whole way, in events or in slots. */
  readonly length: number;
  /** Whether lengths are events. */
  readonly measured: boolean;
  /** How far along the way the run is known. */
  readonly known: number;
  /** The same in events. */
  readonly knownEvents: number;
  /** Where lines begin along the way, as far as the run is known; and where the lines beyond end. */
  readonly starts: readonly number[];
  readonly ahead: readonly number[];
  /** The events at the end of each line, known or expected. */
  readonly ends: readonly number[];
  /** Events of a line whose end is not known: a guess, by those that are. */
  readonly usual: number;
}

/** What is assumed of a line when nothing is known of any. */
const USUAL_EVENTS = 30;

/** The span of a run whose first lines ended where `ends` says, and are `expected` to end as this list says. */
export function spanOf(
  ends: readonly number[],
  furthest: Stand,
  total: number,
  expected: readonly number[] = [],
): Span {
  const all = [...ends, ...expected.slice(ends.length)].slice(0, total);
  const measured = all.length === total;
  const usual = Math.max(1, ends.length === 0 ? USUAL_EVENTS : (ends.at(-1) ?? 0) / ends.length);
  const length = measured ? Math.max(furthest.events, all.at(-1) ?? 0) : total;
  const bare = { length, measured, ends: all, usual };
  const known = distanceOf(bare, furthest);
  const mark = (line: number) => (measured ? (all[line - 1] ?? 0) : line);
  const begun = Math.min(total, Math.max(ends.length, furthest.line) + 1);
  return {
    ...bare,
    known,
    knownEvents: Math.max(furthest.events, ends.at(-1) ?? 0),
    starts: Array.from({ length: begun }, (_, line) => mark(line)),
    ahead: Array.from({ length: total - begun + 1 }, (_, at) => mark(begun + at)).filter(
      (place) => place > known,
    ),
  };
}

type Ways = Pick<Span, 'length' | 'measured' | 'ends' | 'usual'>;

/** How far along the way a place of the run is. */
export function distanceOf(span: Ways, { events, line, under_way }: Stand): number {
  if (span.measured) return Math.min(events, span.length);
  if (!under_way) return Math.min(line, span.length);
  const passed = events - (span.ends[line - 1] ?? 0);
  const end = span.ends[line];
  const whole = end === undefined ? passed + span.usual : end - (span.ends[line - 1] ?? 0);
  return line + Math.min(0.99, passed / Math.max(1, whole));
}

/** The place of the run at a distance from its beginning. */
export function targetAt(span: Span, distance: number): Target {
  if (distance <= 0) return { line: 0 };
  if (span.measured) return targetOf(span, Math.round(distance));
  const line = Math.floor(distance);
  const share = distance - line;
  if (share === 0) return { line };
  const start = span.ends[line - 1] ?? (line === 0 ? 0 : undefined);
  const end = span.ends[line];
  if (start === undefined) return { line: line + 1 };
  if (end !== undefined) {
    const events = start + Math.round(share * (end - start));
    if (events >= end) return { line: line + 1 };
    return events > start ? { events } : { line };
  }
  // Known in part: `distanceOf` the other way round.
  const events = start + Math.round((span.usual * share) / (1 - share));
  return events <= span.knownEvents && events > start ? { events } : { line: line + 1 };
}

/** A playhead that is sent to a line's last event stands at the line's end: the line is over. */
function targetOf({ ends }: Span, events: number): Target {
  const line = lastIndex(ends, events);
  return line >= 0 && ends[line] === events ? { line: line + 1 } : { events };
}

/** The last place of a sorted list whose value is not above this. */
function lastIndex(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
