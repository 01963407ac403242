// Measures the run as a length for the slider: so many events as are known of it, and after them the lines that have
// not run yet, each as long as a line has been on the average.

import type { Stand, Target } from '../../engine/client.ts';

export interface Span {
  /** Events up to where the run is known. */
  readonly known: number;
  /** Where lines begin, in events: those that are known to have ended or begun. */
  readonly starts: readonly number[];
  /** Lines beyond, and the length that each is given. */
  readonly ahead: number;
  readonly lineLength: number;
  readonly length: number;
  /** Lines that are known to have ended, and where each did. */
  readonly ends: readonly number[];
}

/** Lines ahead take this much of the whole at most, as soon as something is known. */
const MOST_AHEAD = 0.4;

export function spanOf(ends: readonly number[], furthest: Stand, total: number): Span {
  const known = Math.max(furthest.events, ends.at(-1) ?? 0);
  // A line that is under way begins where the one before it ended; it is known in part.
  const begun = furthest.under_way && furthest.line >= ends.length ? 1 : 0;
  const ahead = Math.max(0, total - ends.length - begun);
  const usual = known / Math.max(1, ends.length);
  const most = (known * MOST_AHEAD) / (1 - MOST_AHEAD) / Math.max(1, ahead);
  const lineLength = known === 0 ? 1 : Math.max(Number.MIN_VALUE, Math.min(usual, most));
  const starts = [0, ...ends].slice(0, Math.min(total, ends.length + 1));
  return { known, starts, ahead, lineLength, length: known + ahead * lineLength, ends };
}

/** The place of the run at a distance from its beginning. */
export function targetAt(span: Span, distance: number): Target {
  if (distance <= 0) return { line: 0 };
  if (distance > span.known) {
    const beyond = Math.ceil((distance - span.known) / span.lineLength - 1e-9);
    const before = span.ends.length;
    return { line: Math.min(before + Math.max(1, beyond), before + Math.max(1, span.ahead)) };
  }
  // A playhead that is sent to a line's last event stands at the line's end: the line is over.
  const events = Math.round(distance);
  const line = lastIndex(span.ends, events);
  return line >= 0 && span.ends[line] === events ? { line: line + 1 } : { events };
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
