// Reads the machine in place: typed arrays over the memory that the engine's threads write. Nothing is copied or
// awaited; what is read is a moment's truth, and two words may be of two moments.

import {
  ARRIVALS_WORD,
  COUNTER_WORDS,
  CPU_AT_HAND_WORD,
  CPU_CURRENT_WORD,
  DIRECTORY_PRESENT,
  ENTRY_WORDS,
  EVENT_HEAD_WORD,
  EVENT_KIND,
  EVENT_WORDS,
  FRAME_WORDS,
  LINK_NEXT_WORD,
  LIST_COUNT_WORD,
  LIST_HAND_WORD,
  LIST_HEAD_WORD,
  LIST_LOCK,
  LIST_LOCK_WORD,
  LIST_TAIL_WORD,
  MOST_ARRIVALS,
  MOST_AT_HAND,
  NONE,
  PFN_FAMILY,
  PFN_FAMILY_WORD,
  PFN_PAGE_WORD,
  PFN_SLOT_WORD,
  PFN_STATE_WORD,
  PFN_WORDS,
  PTE_ABSENT,
  RING_FLOOR_WORD,
  RING_HEADER_WORDS,
  RING_SEEN_WORD,
  TABLE_ENTRIES,
  WORD_BYTES,
} from '../generated/machine.ts';
import type { Layout, MemoryPart } from '../generated/types.d.ts';
import {
  decodeEvent,
  decodeFrame,
  decodeProcess,
  decodePte,
  type Frame,
  type MachineEvent,
  numberOf,
  type ProcessRecord,
  type Pte,
  wide,
} from './words.ts';

/** What is read of a memory; a plain buffer serves in tests and for copies. */
export interface HasBuffer {
  readonly buffer: ArrayBufferLike;
}

interface ListHead {
  name: string;
  locked: boolean;
  head: number | null;
  tail: number | null;
  count: number;
  /** Where a replacement policy's search goes on, if it does not begin at the head. */
  hand: number | null;
}

/** Events of one ring since the place the reader had come to. */
interface EventBatch {
  events: MachineEvent[];
  /** Where to read on: the next `since`. */
  next: number;
  /** Events overwritten before they were read. */
  lost: number;
}

/** The first word of a record of a part. */
export function recordAt(part: MemoryPart, record: number): number {
  return (part.address + record * part.stride) / WORD_BYTES;
}

export class MachineViews {
  readonly #memory: HasBuffer;
  readonly layout: Layout;
  #buffer: ArrayBufferLike;
  #words: Uint32Array;

  constructor(memory: HasBuffer, layout: Layout) {
    this.#memory = memory;
    this.layout = layout;
    this.#buffer = memory.buffer;
    this.#words = new Uint32Array(this.#buffer);
  }

  /** The whole memory as words. A memory that has grown has a new buffer, so ask each time. */
  get words(): Uint32Array {
    const buffer = this.#memory.buffer;
    if (buffer !== this.#buffer) {
      this.#buffer = buffer;
      this.#words = new Uint32Array(buffer);
    }
    return this.#words;
  }

  #word(index: number): number {
    return this.words[index] ?? 0;
  }

  /** The words of one frame, in place. */
  frameContents(frame: number): Uint32Array {
    const start = recordAt(this.layout.parts.frame_bytes, frame);
    return this.words.subarray(start, start + FRAME_WORDS);
  }

  /** A frame's entry. */
  frame(frame: number): Frame {
    const at = recordAt(this.layout.parts.pfn, frame);
    return decodeFrame(
      this.#word(at + PFN_STATE_WORD),
      this.#word(at + PFN_SLOT_WORD),
      this.#word(at + PFN_PAGE_WORD),
      this.#word(at + PFN_FAMILY_WORD) & PFN_FAMILY,
    );
  }

  /** The low half of the replacement policy's word for a frame: under aging, its counter. */
  note(frame: number): number {
    return this.#word(recordAt(this.layout.parts.notes, frame));
  }

  /** The state words of all frames: index with `PFN_WORDS * frame`. For drawing. */
  frameWords(): Uint32Array {
    const start = recordAt(this.layout.parts.pfn, 0) + PFN_STATE_WORD;
    return this.words.subarray(start, start + this.layout.frames * PFN_WORDS);
  }

  /** The frame of the page table that maps this page, or null while there is none. */
  tableOf(process: number, page: number): number | null {
    const { directory, state } = this.process(process);
    if (state === 'unused' || state === 'terminated') return null;
    const entry = Math.floor(page / TABLE_ENTRIES) * ENTRY_WORDS;
    const contents = this.frameContents(directory);
    const low = contents[entry] ?? 0;
    return (low & DIRECTORY_PRESENT) === 0 ? null : numberOf(low, contents[entry + 1] ?? 0);
  }

  /** The PTE of a page; null where the process has no table for it. */
  pte(process: number, page: number): Pte | null {
    if (this.tableOf(process, page) === null) return null;
    const { low, high } = this.pteWords(process, page);
    return decodePte(low, high);
  }

  /** The PTE of a page in halves; where the process has no table for it, an absent one. */
  pteWords(process: number, page: number): { low: number; high: number } {
    const table = this.tableOf(process, page);
    if (table === null) return { low: PTE_ABSENT, high: 0 };
    const contents = this.frameContents(table);
    const entry = (page % TABLE_ENTRIES) * ENTRY_WORDS;
    return { low: contents[entry] ?? 0, high: contents[entry + 1] ?? 0 };
  }

  process(index: number): ProcessRecord {
    return decodeProcess(index, this.words, recordAt(this.layout.parts.processes, index));
  }

  /** The records in use, ended processes included. */
  processes(): ProcessRecord[] {
    return Array.from({ length: this.layout.parts.processes.count }, (_, index) =>
      this.process(index),
    ).filter((record) => record.state !== 'unused');
  }

  /** The index of the process that holds a CPU, or null. */
  runningOn(cpu: number): number | null {
    const index = this.#word(recordAt(this.layout.parts.cpus, cpu) + CPU_CURRENT_WORD);
    return index === NONE ? null : index;
  }

  list(index: number): ListHead {
    const { parts, list_names } = this.layout;
    const at = recordAt(parts.lists, index);
    const end = (word: number) => (word === NONE ? null : word);
    return {
      name: list_names[index] ?? '',
      locked: (this.#word(at + LIST_LOCK_WORD) & LIST_LOCK) !== 0,
      head: end(this.#word(at + LIST_HEAD_WORD)),
      tail: end(this.#word(at + LIST_TAIL_WORD)),
      count: this.#word(at + LIST_COUNT_WORD),
      hand: end(this.#word(at + LIST_HAND_WORD)),
    };
  }

  lists(): ListHead[] {
    return this.layout.list_names.map((_, index) => this.list(index));
  }

  /** The frames of a list from its head. It may change meanwhile, so it never goes on for ever. */
  listFrames(index: number, limit = this.layout.frames): number[] {
    const frames: number[] = [];
    const { links } = this.layout.parts;
    let frame = this.list(index).head;
    while (frame !== null && frames.length < limit && frame < this.layout.frames) {
      frames.push(frame);
      const next = this.#word(recordAt(links, frame) + LINK_NEXT_WORD);
      frame = next === NONE ? null : next;
    }
    return frames;
  }

  #frames(at: number, count: number): number[] {
    return [...this.words.subarray(at, at + count)].filter((frame) => frame < this.layout.frames);
  }

  /** The free frames that a CPU keeps at hand, the one that it takes next last. */
  atHand(cpu: number): number[] {
    return this.#frames(recordAt(this.layout.parts.cpus, cpu) + CPU_AT_HAND_WORD, MOST_AT_HAND);
  }

  /** The frames that a CPU holds back on their way to the active list. */
  arrivals(cpu: number): number[] {
    return this.#frames(recordAt(this.layout.parts.arrivals, cpu) + ARRIVALS_WORD, MOST_ARRIVALS);
  }

  /** How many threads have a row of counters and a ring of events: the CPUs, then the daemons. */
  get rows(): number {
    return this.layout.parts.counters.count;
  }

  /** The owner of a row: a CPU's number, or a daemon's name. */
  ownerOf(row: number): number | string {
    const { cpus, daemon_names } = this.layout;
    return row < cpus ? row : (daemon_names[row - cpus] ?? '');
  }

  /** One counter of one CPU or daemon. */
  counter(row: number, index: number): number {
    const word = recordAt(this.layout.parts.counters, row) + index * COUNTER_WORDS;
    return wide(this.#word(word), this.#word(word + 1));
  }

  /** How many PTEs and frames refer to a slot. */
  slotCount(slot: number): number {
    return this.#word(recordAt(this.layout.parts.slot_counts, slot));
  }

  /** The same of all slots, slot 0 among them. For drawing. */
  slotCounts(): Uint32Array {
    const counts = this.layout.parts.slot_counts;
    return this.words.subarray(recordAt(counts, 0), recordAt(counts, counts.count));
  }

  /** All counters by name, summed over the rows of the CPUs and daemons. */
  counters(): Record<string, number> {
    const sums = this.counterSums();
    return Object.fromEntries(this.layout.counter_names.map((name, at) => [name, sums[at] ?? 0]));
  }

  /** One of them. */
  counterSum(name: string): number {
    const index = this.layout.counter_names.indexOf(name);
    let sum = 0;
    for (let row = 0; index >= 0 && row < this.rows; row++) sum += this.counter(row, index);
    return sum;
  }

  /** The same in the order of their names. */
  counterSums(): Float64Array {
    const { parts, counter_names } = this.layout;
    const { words } = this;
    const sums = new Float64Array(counter_names.length);
    for (let row = 0; row < this.rows; row += 1) {
      const at = recordAt(parts.counters, row);
      for (let counter = 0; counter < sums.length; counter += 1) {
        const word = at + counter * COUNTER_WORDS;
        sums[counter] = (sums[counter] ?? 0) + wide(words[word] ?? 0, words[word + 1] ?? 0);
      }
    }
    return sums;
  }

  /** How many records a ring has seen. */
  eventHead(ring: number): number {
    const at = recordAt(this.layout.parts.events, ring) + RING_SEEN_WORD;
    return wide(this.#word(at), this.#word(at + 1));
  }

  /** How many of its first records a ring has no more: a run that was put back has what it recorded since. */
  eventFloor(ring: number): number {
    const { parts, event_capacity } = this.layout;
    const at = recordAt(parts.events, ring) + RING_FLOOR_WORD;
    const head = this.eventHead(ring);
    const floor = wide(this.#word(at), this.#word(at + 1));
    return Math.max(Math.min(head, floor), head - event_capacity, 0);
  }

  /** Of the latest records of a ring those of some kinds, oldest first; `most` records are looked at. */
  latestEvents(ring: number, most: number, kinds: ReadonlySet<number>): MachineEvent[] {
    const { parts, event_capacity } = this.layout;
    const at = recordAt(parts.events, ring) + RING_HEADER_WORDS;
    const head = this.eventHead(ring);
    const from = Math.max(this.eventFloor(ring), head - most);
    const found: [index: number, event: MachineEvent][] = [];
    for (let index = from; index < head; index += 1) {
      const record = at + (index % event_capacity) * EVENT_WORDS;
      if (!kinds.has(this.#word(record + EVENT_HEAD_WORD) & EVENT_KIND)) continue;
      found.push([index, decodeEvent(this.words, record)]);
    }
    // The writer did not wait: what it has overwritten since is torn, and so may be the next.
    const now = this.eventHead(ring);
    const intact = now === head ? from : now - event_capacity + 1;
    return found.filter(([index]) => index >= intact).map(([, event]) => event);
  }

  /** What a ring has recorded since `since` (0 at first). A reader slower than the ring loses the oldest. */
  events(ring: number, since: number): EventBatch {
    const { parts, event_capacity } = this.layout;
    const at = recordAt(parts.events, ring);
    const head = this.eventHead(ring);
    let from = Math.max(since, this.eventFloor(ring));
    const record = (index: number) =>
      at + RING_HEADER_WORDS + (index % event_capacity) * EVENT_WORDS;
    const events: MachineEvent[] = [];
    for (let index = from; index < head; index += 1) {
      events.push(decodeEvent(this.words, record(index)));
    }
    // The writer did not wait: what it has overwritten since is torn, and is dropped.
    const headNow = this.eventHead(ring);
    const intact = Math.max(from, headNow - event_capacity + 1);
    if (headNow !== head && intact > from) {
      events.splice(0, intact - from);
      from = intact;
    }
    return { events, next: head, lost: Math.min(from, head) - since };
  }
}
