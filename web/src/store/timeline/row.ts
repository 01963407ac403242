// Keeps one row of a timeline: slices that do not overlap, in their order, as columns. Above them stands a pyramid of
// groups of eight, of eight groups and so on, each with what is inside it, so that a row is drawn in as many steps as it
// has pixels and not as it has slices. Sums over any span come from running totals.

import { ALL_KINDS } from '../../draw/timeline-kinds.ts';
import type { Slice, Visit } from '../../draw/timeline-slice.ts';
import { EVENT_KINDS } from '../../generated/machine.ts';

/** How many slices of each kind there are in a span, and how many nanoseconds of it they take. */
export interface Sums {
  readonly count: Float64Array;
  readonly ns: Float64Array;
}

/** The kinds of a row: those of slices, or those of events. */
export const KINDS = Math.max(ALL_KINDS, EVENT_KINDS);

const GROUP_BITS = 3;
const BLOCK_BITS = 8;
const FIRST_ROOM = 64;

export function emptySums(): Sums {
  return { count: new Float64Array(KINDS), ns: new Float64Array(KINDS) };
}

/** How long it is in whole nanoseconds, as the engine counts. */
export function lengthOf({ begin, end }: Pick<Slice, 'begin' | 'end'>): number {
  return Math.floor(end) - Math.floor(begin);
}

/** What is inside each group of one size. */
class Level {
  busy = new Float64Array(FIRST_ROOM);
  longest = new Float64Array(FIRST_ROOM);
  kind = new Uint8Array(FIRST_ROOM);

  /** A member comes to a group, as its first or as one more. */
  add(group: number, isFirst: boolean, busy: number, longest: number, kind: number): void {
    if (group >= this.kind.length) this.#grow();
    if (isFirst || longest > (this.longest[group] ?? 0)) {
      this.longest[group] = longest;
      this.kind[group] = kind;
    }
    this.busy[group] = (isFirst ? 0 : (this.busy[group] ?? 0)) + busy;
  }

  #grow(): void {
    this.busy = grown(this.busy, Float64Array);
    this.longest = grown(this.longest, Float64Array);
    this.kind = grown(this.kind, Uint8Array);
  }
}

/** How long a column of this length is made: twice, or where that is much memory an eighth longer. */
function longer(length: number): number {
  return length < 1 << 14 ? length * 2 : length + (length >> 3);
}

function grown<Column extends Float64Array | Uint8Array | Uint16Array | Uint32Array>(
  column: Column,
  Kind: new (length: number) => Column,
): Column {
  const wider = new Kind(longer(column.length));
  wider.set(column);
  return wider;
}

export class Row {
  length = 0;
  #begin = new Float64Array(FIRST_ROOM);
  /** The column of the beginnings itself in a row of moments. */
  #end: Float64Array<ArrayBuffer>;
  #kind = new Uint8Array(FIRST_ROOM);
  #process = new Uint16Array(FIRST_ROOM);
  #number = new Uint32Array(FIRST_ROOM);
  #detail = new Uint32Array(FIRST_ROOM);
  #levels: Level[] = [];
  /** The totals before each block of slices, counts first; and of all. */
  #blocks: Float64Array[] = [];
  #total = new Float64Array(2 * KINDS);

  /** Slices; or moments, each of which ends when it begins. */
  constructor(of: 'slices' | 'moments' = 'slices') {
    this.#end = of === 'moments' ? this.#begin : new Float64Array(FIRST_ROOM);
  }

  /** The last moment of its last slice. */
  get last(): number {
    return this.length === 0 ? Number.NEGATIVE_INFINITY : (this.#end[this.length - 1] ?? 0);
  }

  get first(): number {
    return this.length === 0 ? Number.POSITIVE_INFINITY : (this.#begin[0] ?? 0);
  }

  slice(index: number): Slice {
    return {
      begin: this.#begin[index] ?? 0,
      end: this.#end[index] ?? 0,
      kind: this.#kind[index] ?? 0,
      process: this.#process[index] ?? 0,
      number: this.#number[index] ?? 0,
      detail: this.#detail[index] ?? 0,
    };
  }

  /** Takes a slice that begins no earlier than the last one ends. */
  push(slice: Slice): void {
    const at = this.length;
    if (at === this.#begin.length) this.#grow();
    this.#begin[at] = slice.begin;
    this.#end[at] = slice.end;
    this.#kind[at] = slice.kind;
    this.#process[at] = slice.process;
    this.#number[at] = slice.number;
    this.#detail[at] = slice.detail;
    this.length++;
    this.#count(at);
  }

  #grow(): void {
    const isOfMoments = this.#end === this.#begin;
    this.#begin = grown(this.#begin, Float64Array);
    this.#end = isOfMoments ? this.#begin : grown(this.#end, Float64Array);
    this.#kind = grown(this.#kind, Uint8Array);
    this.#process = grown(this.#process, Uint16Array);
    this.#number = grown(this.#number, Uint32Array);
    this.#detail = grown(this.#detail, Uint32Array);
  }

  /** A slice comes into the totals, and into its group of each size. */
  #count(at: number): void {
    if (at % (1 << BLOCK_BITS) === 0) this.#blocks[at >> BLOCK_BITS] = this.#total.slice();
    const kind = this.#kind[at] ?? 0;
    const [begin, end] = [this.#begin[at] ?? 0, this.#end[at] ?? 0];
    this.#total[kind] = (this.#total[kind] ?? 0) + 1;
    this.#total[KINDS + kind] = (this.#total[KINDS + kind] ?? 0) + lengthOf({ begin, end });
    for (
      let level = 0, bits = GROUP_BITS;
      level === 0 || level < this.#levels.length || at >> bits > 0;
      level++
    ) {
      const groups = this.#levels[level] ?? this.#raise(level);
      groups.add(at >> bits, at % (1 << bits) === 0, end - begin, end - begin, kind);
      bits += GROUP_BITS;
    }
  }

  /** A larger size of groups begins: the first of them has what the first of the size below has. */
  #raise(level: number): Level {
    const made = new Level();
    this.#levels[level] = made;
    const below = this.#levels[level - 1];
    if (below === undefined) return made;
    const count = 1 << GROUP_BITS;
    for (let at = 0; at < count; at++) {
      made.add(0, at === 0, below.busy[at] ?? 0, below.longest[at] ?? 0, below.kind[at] ?? 0);
    }
    return made;
  }

  /** The first of the slices that end after a moment. */
  endingAfter(moment: number): number {
    return lowerBound(this.length, (at) => (this.#end[at] ?? 0) > moment);
  }

  /** The first of the slices that end at a moment or later. */
  endingFrom(moment: number): number {
    return lowerBound(this.length, (at) => (this.#end[at] ?? 0) >= moment);
  }

  /** The slice that is under way at a moment, or the nearest within so many nanoseconds; -1 if there is none. */
  at(moment: number, within = 0): number {
    const next = this.endingFrom(moment);
    let found = -1;
    let nearest = within;
    for (const at of [next, next - 1]) {
      if (at < 0 || at >= this.length) continue;
      const [begin, end] = [this.#begin[at] ?? 0, this.#end[at] ?? 0];
      const distance = Math.max(0, begin - moment, moment - end);
      if (distance <= nearest && (found < 0 || distance < nearest))
        [found, nearest] = [at, distance];
    }
    return found;
  }

  /**
   * Visits what is seen between two moments, in its order; slices that together last no longer than `least` are
   * visited as one group of as many as have one.
   */
  walk(from: number, to: number, least: number, visit: Visit): void {
    let at = this.endingFrom(from);
    while (at < this.length) {
      const begin = this.#begin[at] ?? 0;
      if (begin > to) return;
      let level = -1;
      let size = 1;
      let end = this.#end[at] ?? 0;
      while (level + 1 < this.#levels.length) {
        const larger = size << GROUP_BITS;
        const last = at + larger - 1;
        if (at % larger !== 0 || last >= this.length) break;
        const groupEnd = this.#end[last] ?? 0;
        if (groupEnd - begin > least) break;
        end = groupEnd;
        size = larger;
        level++;
      }
      const groups = this.#levels[level];
      if (groups === undefined) visit(begin, end, this.#kind[at] ?? 0, end - begin, at, 1);
      else {
        const group = at >> (GROUP_BITS * (level + 1));
        visit(begin, end, groups.kind[group] ?? 0, groups.busy[group] ?? 0, at, size);
      }
      at += size;
    }
  }

  /** Adds what is between two moments: each slice that is under way there, with as much of it as is inside. */
  sum(from: number, to: number, into: Sums): void {
    const first = this.endingFrom(from);
    const end = lowerBound(this.length, (at) => (this.#begin[at] ?? 0) > to);
    if (first >= end) return;
    const [before, after] = [this.#totalsBefore(first), this.#totalsBefore(end)];
    for (let kind = 0; kind < KINDS; kind++) {
      into.count[kind] = (into.count[kind] ?? 0) + (after[kind] ?? 0) - (before[kind] ?? 0);
      const ns = (after[KINDS + kind] ?? 0) - (before[KINDS + kind] ?? 0);
      into.ns[kind] = (into.ns[kind] ?? 0) + ns;
    }
    for (const at of first === end - 1 ? [first] : [first, end - 1]) {
      const { begin, end: until, kind } = this.slice(at);
      const inside = { begin: Math.max(begin, from), end: Math.min(until, to) };
      const outside = lengthOf({ begin, end: until }) - lengthOf(inside);
      into.ns[kind] = (into.ns[kind] ?? 0) - outside;
    }
  }

  #totalsBefore(index: number): Float64Array {
    if (index === this.length) return this.#total;
    const totals = (this.#blocks[index >> BLOCK_BITS] as Float64Array).slice();
    for (let at = (index >> BLOCK_BITS) << BLOCK_BITS; at < index; at++) {
      const kind = this.#kind[at] ?? 0;
      const span = { begin: this.#begin[at] ?? 0, end: this.#end[at] ?? 0 };
      totals[kind] = (totals[kind] ?? 0) + 1;
      totals[KINDS + kind] = (totals[KINDS + kind] ?? 0) + lengthOf(span);
    }
    return totals;
  }

  /** Keeps the first so many. */
  truncate(length: number): void {
    if (length >= this.length) return;
    // From the block that is cut on, all is counted again; a group that is cut there is made of those below it.
    const from = (length >> BLOCK_BITS) << BLOCK_BITS;
    this.#total = (this.#blocks[from >> BLOCK_BITS] as Float64Array).slice();
    this.#blocks.length = from >> BLOCK_BITS;
    for (const [level, groups] of this.#levels.entries()) {
      const bits = GROUP_BITS * (level + 1);
      const below = this.#levels[level - 1];
      if (below === undefined || from % (1 << bits) === 0) continue;
      const group = from >> bits;
      const first = group << GROUP_BITS;
      for (let at = first; at << (bits - GROUP_BITS) < from; at++) {
        const [busy, longest, kind] = [below.busy[at] ?? 0, below.longest[at] ?? 0, below.kind[at]];
        groups.add(group, at === first, busy, longest, kind ?? 0);
      }
    }
    for (let at = from; at < length; at++) this.#count(at);
    this.length = length;
  }

  /** Drops the first so many. */
  drop(count: number): void {
    for (const column of new Set([this.#begin, this.#end])) {
      column.copyWithin(0, count, this.length);
    }
    this.#kind.copyWithin(0, count, this.length);
    this.#process.copyWithin(0, count, this.length);
    this.#number.copyWithin(0, count, this.length);
    this.#detail.copyWithin(0, count, this.length);
    this.length -= count;
    this.#levels = [];
    this.#blocks = [];
    this.#total.fill(0);
    for (let at = 0; at < this.length; at++) this.#count(at);
  }
}

/** The first of so many places from which on something holds. */
function lowerBound(length: number, holds: (at: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
