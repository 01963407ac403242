// Paints the slider's track: how far the run is known and how far it has come, a mark where each line begins, and dots
// for the lines that have not run. Greys, for it says nothing of any page, and a red tick where a line failed.

import { NEUTRALS, type Theme } from './palette.ts';
import type { Surface } from './surface.ts';

interface ScrubShape {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly theme: Theme;
  /** Half of the thumb: the way begins and ends so far from the edges. */
  readonly inset: number;
  /** Shares of the whole way. */
  readonly known: number;
  readonly here: number;
  readonly starts: readonly number[];
  readonly ahead: readonly number[];
  /** Where lines ended that failed. */
  readonly failed: readonly number[];
}

/** Marks nearer to each other than this are one. */
const NEAREST = 3;

/** The marks that there is room for: of those that would touch, the first. */
export function spread(marks: readonly number[], nearest = NEAREST): number[] {
  const kept: number[] = [];
  for (const mark of marks) {
    const last = kept.at(-1);
    if (last === undefined || mark - last >= nearest) kept.push(mark);
  }
  return kept;
}

export function paintScrub(context: Surface, shape: ScrubShape): void {
  const { line, label, mark, failure } = NEUTRALS[shape.theme];
  const x = (share: number) => shape.inset + share * Math.max(0, shape.width - 2 * shape.inset);
  const middle = shape.height / 2;
  context.save();
  context.setTransform(shape.ratio, 0, 0, shape.ratio, 0, 0);
  context.clearRect(0, 0, shape.width, shape.height);
  context.fillStyle = line;
  context.fillRect(x(0), middle - 1.5, x(shape.known) - x(0), 3);
  context.fillStyle = mark;
  context.fillRect(x(0), middle - 1.5, x(shape.here) - x(0), 3);
  context.fillStyle = label;
  for (const at of spread(shape.starts.map(x))) context.fillRect(Math.round(at), middle - 6, 1, 12);
  for (const at of spread(shape.ahead.map(x), 5)) {
    context.fillRect(Math.round(at) - 1, middle - 1, 2, 2);
  }
  context.fillStyle = failure;
  for (const at of spread(shape.failed.map(x))) {
    // Taller than the thumb, so that it is seen beneath it.
    context.fillRect(Math.round(at) - 1, 0, 2, shape.height);
    context.fillRect(Math.round(at) - 4, 0, 8, 2);
  }
  context.restore();
}
