// Finds the first slices and marks of a view, over all tracks, in the order they began.

import type { Slice } from '../../draw/timeline-slice.ts';
import type { View } from '../../draw/timeline-view.ts';
import type { Row } from './row.ts';
import type { Tracks } from './tracks.ts';

export interface Seen {
  readonly ring: number;
  readonly slice: Slice;
  readonly isMark: boolean;
  readonly isOpen: boolean;
}

export function firstSeen(tracks: Tracks, { from, to }: View, most: number): Seen[] {
  const seen: Seen[] = [];
  for (const [ring, { rows, marks, open }] of tracks.all.entries()) {
    const add = (row: Row, isMark: boolean) => {
      const first = row.endingFrom(from);
      for (let at = first; at < Math.min(row.length, first + most); at++) {
        const slice = row.slice(at);
        if (slice.begin > to) return;
        seen.push({ ring, slice, isMark, isOpen: false });
      }
    };
    for (const row of rows) add(row, false);
    add(marks, true);
    for (const slice of open) {
      if (slice.begin <= to) seen.push({ ring, slice, isMark: false, isOpen: true });
    }
  }
  return seen.sort((a, b) => a.slice.begin - b.slice.begin).slice(0, most);
}
