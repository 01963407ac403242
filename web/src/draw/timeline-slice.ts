// Describes a timeline to those who draw it: slices in rows, and the rows of a track.

/** What lasts from one moment to another. Moments are nanoseconds; what comes first at one time is their fraction. */
export interface Slice {
  readonly begin: number;
  readonly end: number;
  /** What it is: of a slice one of `timeline-kinds.ts`, of a mark the kind of its event. */
  readonly kind: number;
  readonly process: number;
  readonly number: number;
  readonly detail: number;
}

/** Hears of a slice, or of `count` slices from `index` on that are close together. */
export type Visit = (
  begin: number,
  end: number,
  /** The kind of the longest of them. */
  kind: number,
  /** How much of the time from begin to end they take. */
  busy: number,
  index: number,
  count: number,
) => void;

interface TimelineRow {
  readonly length: number;
  slice(index: number): Slice;
  at(moment: number, within?: number): number;
  walk(from: number, to: number, least: number, visit: Visit): void;
}

export interface TimelineTrack {
  readonly rows: readonly TimelineRow[];
  readonly marks: TimelineRow;
  readonly open: readonly Slice[];
}
