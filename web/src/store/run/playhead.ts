// Holds the playhead, which is where the page stands in the run, and how far the run is known: what each line did that
// ever ran, and where it ended. A virtual run is the same every time, so that what is known of a line stays true as
// long as the lines up to it stay the same, wherever the playhead is.

import { computed, signal } from '@preact/signals';
import type { Ended, Journey, Stand } from '../../engine/client.ts';
import type { OpOutcome } from '../../generated/types.d.ts';

/** What a line did, kept beside the script. */
export interface LineRecord {
  readonly outcome: OpOutcome;
  readonly grew: Readonly<Record<string, number>>;
  readonly after: { low: number; high: number } | undefined;
  /** Where it ended; on threads there is no such place. */
  readonly end: Stand | undefined;
}

const BOOT: Stand = { events: 0, before: 0, time_ns: 0, under_way: false, line: 0 };

export const playhead = signal<Stand>(BOOT);
const lines: LineRecord[] = [];
/** Rises when more is known, or less. */
const version = signal(0);
/** How far somebody has been. */
let furthest: Stand = BOOT;

export const known = {
  version,
  /** The lines that ever ran, in the order of the script. */
  lines: (): readonly LineRecord[] => lines,
  /** How far the run is known. */
  end: (): Stand => furthest,
  clear(): void {
    known.truncate(0);
    playhead.value = BOOT;
  },
  /** From this line on the run is another. */
  truncate(line: number): void {
    if (line >= lines.length && furthest.line + Number(furthest.under_way) <= line) return;
    lines.length = Math.min(line, lines.length);
    furthest = lines.at(-1)?.end ?? BOOT;
    version.value++;
  },
  note(line: number, record: LineRecord): void {
    lines[line] = record;
    version.value++;
  },
  /** A journey has come to an end. */
  landed({ stand, first, ended }: Journey): void {
    for (const [at, line] of ended.entries()) lines[first + at] = recordOf(line);
    if (ended.length > 0 || stand.events > furthest.events) version.value++;
    if (isLater(stand, furthest)) furthest = stand;
    playhead.value = stand;
  },
};

function recordOf({ outcome, grew, after, stand }: Ended): LineRecord {
  return { outcome, grew, after, end: stand };
}

function isLater(one: Stand, other: Stand): boolean {
  return one.events > other.events || (one.events === other.events && one.line > other.line);
}

/** Whether it moves by itself. */
export const playing = signal(false);

/** How many lines have run. */
export const cursor = computed(() => playhead.value.line);

/** Whether the next line has begun, and not ended. */
export const underWay = computed(() => playhead.value.under_way);

/** What the lines did that have run. */
export const records = computed<readonly LineRecord[]>(() => {
  version.value;
  return lines.slice(0, cursor.value);
});
