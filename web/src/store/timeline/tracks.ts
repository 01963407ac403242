// Makes slices of records: each CPU, each daemon and the script is a track, in which what begins and ends is a slice at
// its depth, and everything else a mark. What is recorded up to a moment is the same run, so tracks can be cut there.

import {
  DAEMON,
  FAULT,
  FAULT_UNDER_WAY,
  FRAME_WAIT,
  isFault,
  isPhase,
  JOB,
  LOCK_WAIT,
  PHASE,
  SHOOTDOWN,
  SWAP_READ,
  SWAP_WRITE,
} from '../../draw/timeline-kinds.ts';
import type { Slice } from '../../draw/timeline-slice.ts';
import { momentOf, type Recorded } from '../../engine/event-recorder.ts';
import { decodeEvent, type MachineEvent } from '../../engine/words.ts';
import {
  DAEMON_KIND,
  EVENT_CPU,
  EVENT_CPU_SHIFT,
  EVENT_HEAD_WORD,
  EVENT_NO_PROCESS,
  EVENT_STAMP_WORD,
  EVENT_WORDS,
} from '../../generated/machine.ts';
import { emptySums, Row, type Sums } from './row.ts';

/** So many slices and marks are kept; when there are more, the earliest eighth of them goes. */
const MOST_KEPT = 1 << 20;

/** Flags of a slice's detail, where it is no number. */
export const WROTE = 1;
export const FAILED = 2;

/** A slice that has begun. */
type Open = { -readonly [Key in keyof Slice]: Slice[Key] };

export class Track {
  /** By depth: a slice is inside the one above it. */
  readonly rows: Row[] = [];
  /** Events that take no time. Their kinds are those of events. */
  readonly marks = new Row('moments');
  /** What has begun and not ended, by depth. */
  readonly open: Open[] = [];

  get size(): number {
    return this.rows.reduce((sum, row) => sum + row.length, this.marks.length);
  }

  begin(slice: Open): void {
    this.open.push(slice);
  }

  /** Ends what fits and all that is inside it; nothing if it has begun before a gap. */
  end(moment: number, fits: (slice: Open) => boolean, changed: Partial<Open> = {}): void {
    if (!this.open.some(fits)) return;
    for (;;) {
      const slice = this.open.pop();
      if (slice === undefined) return;
      const isIt = fits(slice);
      this.#row(this.open.length).push({ ...slice, ...(isIt && changed), end: moment });
      if (isIt) return;
    }
  }

  #row(depth: number): Row {
    while (this.rows.length <= depth) this.rows.push(new Row());
    return this.rows[depth] as Row;
  }

  /** Nothing of what comes after a moment has happened. */
  cut(moment: number): void {
    this.marks.truncate(this.marks.endingAfter(moment));
    const open: Open[] = [];
    for (let depth = 0; depth < Math.max(this.rows.length, this.open.length); depth++) {
      const row = this.rows[depth];
      const kept = row?.endingAfter(moment) ?? 0;
      const next =
        row !== undefined && kept < row.length ? reopened(row.slice(kept)) : this.open[depth];
      row?.truncate(kept);
      if (next !== undefined && next.begin <= moment) open[depth] = next;
    }
    this.open.length = 0;
    this.open.push(...open.filter((slice) => slice !== undefined));
  }

  /** Drops what ended before a moment. */
  dropBefore(moment: number): void {
    for (const row of [...this.rows, this.marks]) row.drop(row.endingAfter(moment));
  }
}

/** A slice as it was before it ended. */
function reopened(slice: Slice): Open {
  const end = Number.POSITIVE_INFINITY;
  if (isFault(slice.kind)) return { ...slice, end, kind: FAULT_UNDER_WAY };
  const flagged = slice.kind >= JOB || slice.kind === SWAP_READ || slice.kind === SWAP_WRITE;
  return { ...slice, end, detail: flagged ? slice.detail & ~FAILED : slice.detail };
}

export class Tracks {
  readonly all: readonly Track[];
  readonly #kinds: readonly string[];
  /** Rises whenever anything differs. */
  version = 0;
  /** The last moment that is known. */
  last = 0;
  /** The first that is kept, if not all is. */
  keptFrom: number | undefined;
  /** Events that were overwritten before they were read. */
  lost = 0;
  readonly #most: number;

  /** Tracks of so many rings, whose events have these kinds by number. */
  constructor(rings: number, kinds: readonly string[], most = MOST_KEPT) {
    this.all = Array.from({ length: rings }, () => new Track());
    this.#kinds = kinds;
    this.#most = most;
  }

  get size(): number {
    return this.all.reduce((sum, track) => sum + track.size, 0);
  }

  get first(): number {
    const firsts = this.all.flatMap(({ rows, marks, open }) => [
      marks.first,
      ...rows.map((row) => row.first),
      ...open.map(({ begin }) => begin),
    ]);
    return Math.min(...firsts);
  }

  take({ cut, words, lost }: Recorded): void {
    this.version++;
    if (cut !== undefined) {
      for (const track of this.all) track.cut(cut);
      this.last = Math.min(this.last, cut);
    }
    if (lost > 0) {
      this.lost += lost;
      for (const track of this.all) track.end(this.last, (slice) => slice === track.open[0]);
    }
    for (let at = 0; at < words.length; at += EVENT_WORDS) {
      const [low, high] = [words[at + EVENT_STAMP_WORD], words[at + EVENT_STAMP_WORD + 1]];
      const ring = ((words[at + EVENT_HEAD_WORD] ?? 0) >>> EVENT_CPU_SHIFT) & EVENT_CPU;
      const track = this.all[ring];
      if (track === undefined) continue;
      const moment = momentOf(low ?? 0, high ?? 0);
      if (moment > this.last) this.last = moment;
      this.#tell(track, moment, decodeEvent(words, at));
    }
    if (this.size > this.#most) this.#drop();
  }

  /** What there is in a span, over all tracks: the slices by kind, and the marks by the kind of event. */
  sums(from: number, to: number): { slices: Sums; marks: Sums } {
    const sums = { slices: emptySums(), marks: emptySums() };
    for (const { rows, marks, open } of this.all) {
      for (const row of rows) row.sum(from, to, sums.slices);
      marks.sum(from, to, sums.marks);
      for (const { begin, kind } of open) {
        if (begin > to || this.last < from) continue;
        const ns = Math.floor(Math.min(to, this.last)) - Math.floor(Math.max(from, begin));
        sums.slices.count[kind] = (sums.slices.count[kind] ?? 0) + 1;
        sums.slices.ns[kind] = (sums.slices.ns[kind] ?? 0) + Math.max(0, ns);
      }
    }
    return sums;
  }

  #drop(): void {
    const largest = this.all
      .flatMap(({ rows, marks }) => [...rows, marks])
      .reduce((one, other) => (other.length > one.length ? other : one));
    const moment = largest.slice(largest.length >> 3).begin;
    for (const track of this.all) track.dropBefore(moment);
    this.keptFrom = moment;
  }

  #tell(track: Track, moment: number, event: MachineEvent): void {
    const { number, process: owner } = event;
    const process = owner ?? EVENT_NO_PROCESS;
    const [a, b] = [event.a[0], event.b[0]];
    const begin = (kind: number, more: Partial<Open> = {}) =>
      track.begin({
        begin: moment,
        end: Number.POSITIVE_INFINITY,
        kind,
        process,
        number,
        detail: 0,
        ...more,
      });
    const end = (kind: number, changed: Partial<Open> = {}) =>
      track.end(moment, (slice) => slice.kind === kind, changed);
    const endTransfer = (kind: number) =>
      track.end(
        moment,
        (slice) => slice.kind === kind,
        b === 1
          ? { detail: (track.open.findLast((slice) => slice.kind === kind)?.detail ?? 0) | FAILED }
          : {},
      );
    switch (this.#kinds[event.kind]) {
      case 'job-begin':
        begin(JOB + a);
        break;
      case 'job-end':
        end(JOB + a, b === 1 ? { detail: FAILED } : {});
        break;
      case 'fault-begin':
        begin(FAULT_UNDER_WAY, { detail: a === 1 ? WROTE : 0 });
        break;
      case 'fault-phase':
        if (isPhase(track.open.at(-1)?.kind ?? -1)) track.end(moment, ({ kind }) => isPhase(kind));
        begin(PHASE + a);
        break;
      case 'fault-end':
        end(FAULT_UNDER_WAY, { kind: FAULT + a });
        break;
      case 'lock-wait':
        // Which lock is in the operand: of a region of PTEs the process and its first page.
        begin(LOCK_WAIT + number, { process: event.a[1], number: a, detail: b });
        break;
      case 'lock-waited':
        end(LOCK_WAIT + number);
        break;
      case 'frame-wait-begin':
        begin(FRAME_WAIT);
        break;
      case 'frame-wait-end':
        end(FRAME_WAIT);
        break;
      case 'swap-read-begin':
        begin(SWAP_READ, { detail: a << 2 });
        break;
      case 'swap-read-end':
        endTransfer(SWAP_READ);
        break;
      case 'swap-write-begin':
        begin(SWAP_WRITE, { detail: a << 2 });
        break;
      case 'swap-write-end':
        endTransfer(SWAP_WRITE);
        break;
      case 'shootdown-begin':
        begin(SHOOTDOWN, { detail: b });
        break;
      case 'shootdown-end':
        end(SHOOTDOWN);
        break;
      case 'daemon-wake':
        begin(DAEMON + (number & DAEMON_KIND));
        break;
      case 'daemon-rest':
        end(DAEMON + (number & DAEMON_KIND));
        break;
      default:
        track.marks.push({
          begin: moment,
          end: moment,
          kind: event.kind,
          process,
          number,
          detail: a,
        });
    }
  }
}
