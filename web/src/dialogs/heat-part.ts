// Computes which part of a trace is shown next: one that is dragged over, a closer or a farther one, or the one beside it.

import type { Spot } from '../draw/trace-heat.ts';
import type { TracePart } from '../engine/pictures-messages.ts';

/** The part between two spots. What was dragged along one axis alone leaves the other as it is. */
export function partOf(
  part: TracePart,
  one: Spot,
  other: Spot,
  isHigh: boolean,
  isWide: boolean,
): TracePart {
  const along = (begin: number, end: number, from: number, to: number): [number, number] => {
    const first = Math.min(end - 1, Math.floor(begin + Math.min(from, to) * (end - begin)));
    const last = Math.ceil(begin + Math.max(from, to) * (end - begin));
    return [first, Math.max(last, first + 1)];
  };
  const [first, end] = isHigh
    ? [part.first, part.end]
    : along(part.first, part.end, one.x, other.x);
  const [first_place, end_place] = isWide
    ? [part.first_place, part.end_place]
    : along(part.first_place, part.end_place, one.y, other.y);
  return { first, end, first_place, end_place };
}

/** A stretch of so many references from `first`, moved so that it is within the whole. */
function within(part: TracePart, first: number, length: number, whole: TracePart): TracePart {
  const fits = Math.min(length, whole.end);
  const begin = Math.min(Math.max(0, Math.round(first)), whole.end - fits);
  return { ...part, first: begin, end: begin + fits };
}

/** A part with a share of the references, about the reference that the machine has come to or about its middle. */
export function closerTo(
  part: TracePart,
  about: number | undefined,
  share: number,
  whole: TracePart,
): TracePart {
  const length = Math.max(1, Math.round((part.end - part.first) * share));
  const isShown = about !== undefined && about >= part.first && about < part.end;
  const middle = isShown ? about : (part.first + part.end) / 2;
  // All of the time, and all of the pages too.
  if (length >= whole.end) return whole;
  return within(part, middle - length / 2, length, whole);
}

/** The part as far before or after as a share of its length. */
export function moved(part: TracePart, share: number, whole: TracePart): TracePart {
  const length = part.end - part.first;
  return within(part, part.first + share * length, length, whole);
}
