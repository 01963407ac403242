// Copies the machine to a page that can share no memory: the engine worker sends what has changed in the arrays that
// the views read, and the page lays it into a buffer of its own, behind the same views.

import {
  EVENT_WORDS,
  FRAME_WORDS,
  LINK_WORDS,
  NOTE_WORDS,
  PFN_STATE_WORD,
  PFN_WORDS,
  RING_HEADER_WORDS,
  WORD_BYTES,
} from '../generated/machine.ts';
import type { Layout } from '../generated/types.d.ts';
import { type HasBuffer, MachineViews } from './views.ts';
import { frameStateOf } from './words.ts';

/** Of an ordinary frame the page reads but its beginning: so many words. */
const headWords = 8;

/** What is compared and sent as one: words. */
const blockWords = 256;

type Part = Exclude<keyof Layout['addresses'], 'frame_bytes'> | 'heads';

/** How many words each part of a machine has. */
function partWords({ strides, ...layout }: Layout): Record<Part, number> {
  const { event_capacity: capacity } = layout;
  return {
    processes: (layout.max_processes * strides.process) / WORD_BYTES,
    cpus: (layout.cpus * strides.cpu) / WORD_BYTES,
    counters: (layout.rows * strides.counters) / WORD_BYTES,
    lists: (layout.list_names.length * strides.list) / WORD_BYTES,
    locks: (layout.addresses.locks.length * strides.locks) / WORD_BYTES,
    arrivals: (layout.cpus * strides.arrivals) / WORD_BYTES,
    regions: (layout.lock_regions * strides.regions) / WORD_BYTES,
    latencies: (layout.latency_rows * strides.latencies) / WORD_BYTES,
    pfn: layout.frames * PFN_WORDS,
    links: layout.frames * LINK_WORDS,
    notes: layout.frames * NOTE_WORDS,
    slot_counts: layout.slots + 1,
    heads: layout.frames * headWords,
    events: Math.max(
      (layout.rings * strides.events) / WORD_BYTES,
      layout.rings * (RING_HEADER_WORDS + capacity * EVENT_WORDS),
    ),
  };
}

/** Parts that are small: they come after every line, so that what a line did can be told at once. */
const small: readonly Part[] = ['processes', 'cpus', 'counters', 'lists', 'locks', 'arrivals'];

/** The parts one after the other: where each begins, in words, and the sum. */
function arranged(layout: Layout): { starts: Record<Part, number>; total: number } {
  const sizes = partWords(layout);
  let total = 0;
  const starts = { ...sizes };
  for (const part of Object.keys(sizes) as Part[]) {
    starts[part] = total;
    total += sizes[part];
  }
  return { starts, total };
}

/** What has changed since the last copy. Its arrays are transferred, not copied again. */
export interface Copy {
  /** Where each run of words begins and how long it is, in pairs. */
  readonly runs: Uint32Array<ArrayBuffer>;
  /** The words of all runs. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** The frames of page directories and tables, all of them. */
  readonly tables: readonly number[];
  /** Those of them that changed, and their words. */
  readonly changed: readonly number[];
  readonly tableWords: Uint32Array<ArrayBuffer>;
}

/** In the worker: remembers what the page has, and finds what differs. */
export class Copier {
  readonly #memory: HasBuffer;
  readonly #layout: Layout;
  readonly #known: Uint32Array;
  readonly #knownTables = new Map<number, Uint32Array>();
  readonly #heads: Uint32Array;
  readonly #locks: Uint32Array;

  constructor(memory: HasBuffer, layout: Layout) {
    this.#memory = memory;
    this.#layout = layout;
    this.#known = new Uint32Array(arranged(layout).total);
    this.#heads = new Uint32Array(layout.frames * headWords);
    this.#locks = new Uint32Array(partWords(layout).locks);
  }

  /** What has changed; of the large parts too, if `whole`. */
  copy(whole: boolean): Copy {
    const source = new Uint32Array(this.#memory.buffer);
    const { starts } = arranged(this.#layout);
    const sizes = partWords(this.#layout);
    const runs: number[] = [];
    const pieces: Uint32Array[] = [];
    for (const part of whole ? (Object.keys(sizes) as Part[]) : small) {
      const now =
        part === 'heads'
          ? this.#readHeads(source)
          : part === 'locks'
            ? this.#readLocks(source)
            : this.#part(source, part, sizes[part]);
      this.#compare(now, starts[part], runs, pieces);
    }
    return { runs: new Uint32Array(runs), words: joined(pieces), ...this.#tables(source) };
  }

  #part(source: Uint32Array, part: Exclude<Part, 'heads' | 'locks'>, size: number): Uint32Array {
    const start = this.#layout.addresses[part] / WORD_BYTES;
    return source.subarray(start, start + size);
  }

  #readHeads(source: Uint32Array): Uint32Array {
    const start = this.#layout.addresses.frame_bytes / WORD_BYTES;
    for (let frame = 0; frame < this.#layout.frames; frame++) {
      const at = start + frame * FRAME_WORDS;
      for (let word = 0; word < headWords; word++) {
        this.#heads[frame * headWords + word] = source[at + word] as number;
      }
    }
    return this.#heads;
  }

  /** The profiles stand apart, each with its CPU. */
  #readLocks(source: Uint32Array): Uint32Array {
    const { addresses, strides } = this.#layout;
    const size = strides.locks / WORD_BYTES;
    for (const [row, address] of addresses.locks.entries()) {
      this.#locks.set(
        source.subarray(address / WORD_BYTES, address / WORD_BYTES + size),
        row * size,
      );
    }
    return this.#locks;
  }

  #compare(now: Uint32Array, start: number, runs: number[], pieces: Uint32Array[]): void {
    for (let at = 0; at < now.length; at += blockWords) {
      const block = now.subarray(at, at + blockWords);
      const known = this.#known.subarray(start + at, start + at + block.length);
      if (isSame(block, known)) continue;
      known.set(block);
      runs.push(start + at, block.length);
      pieces.push(known);
    }
  }

  #tables(source: Uint32Array): Pick<Copy, 'tables' | 'changed' | 'tableWords'> {
    const { frames, addresses } = this.#layout;
    const tables: number[] = [];
    const changed: number[] = [];
    const pieces: Uint32Array[] = [];
    for (let frame = 0; frame < frames; frame++) {
      if (
        frameStateOf(
          source[addresses.pfn / WORD_BYTES + frame * PFN_WORDS + PFN_STATE_WORD] as number,
        ) !== 'protected'
      )
        continue;
      tables.push(frame);
      const start = addresses.frame_bytes / WORD_BYTES + frame * FRAME_WORDS;
      const now = source.subarray(start, start + FRAME_WORDS);
      const known = this.#knownTables.get(frame);
      if (known !== undefined && isSame(now, known)) continue;
      const copy = now.slice();
      this.#knownTables.set(frame, copy);
      changed.push(frame);
      pieces.push(copy);
    }
    if (this.#knownTables.size > tables.length) {
      const kept = new Set(tables);
      for (const frame of this.#knownTables.keys()) {
        if (!kept.has(frame)) this.#knownTables.delete(frame);
      }
    }
    return { tables, changed, tableWords: joined(pieces) };
  }
}

function isSame(a: Uint32Array, b: Uint32Array): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

function joined(pieces: readonly Uint32Array[]): Uint32Array<ArrayBuffer> {
  const whole = new Uint32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** In the page: the machine as the copies tell it. */
export class CopiedViews extends MachineViews {
  readonly #words: Uint32Array;
  readonly #heads: number;
  #tables = new Map<number, Uint32Array>();

  constructor(layout: Layout) {
    const { starts, total } = arranged(layout);
    const words = new Uint32Array(total);
    const address = (part: Part) => starts[part] * WORD_BYTES;
    const addresses = {
      frame_bytes: 0,
      pfn: address('pfn'),
      links: address('links'),
      notes: address('notes'),
      lists: address('lists'),
      processes: address('processes'),
      cpus: address('cpus'),
      counters: address('counters'),
      slot_counts: address('slot_counts'),
      events: address('events'),
      latencies: address('latencies'),
      arrivals: address('arrivals'),
      regions: address('regions'),
      locks: layout.addresses.locks.map((_, row) => address('locks') + row * layout.strides.locks),
    };
    super(words, { ...layout, addresses });
    this.#words = words;
    this.#heads = starts.heads;
  }

  /** Lays a copy over what is known. */
  take({ runs, words, tables, changed, tableWords }: Copy): void {
    let from = 0;
    for (let at = 0; at < runs.length; at += 2) {
      const length = runs[at + 1] as number;
      this.#words.set(words.subarray(from, from + length), runs[at]);
      from += length;
    }
    const before = this.#tables;
    this.#tables = new Map();
    for (const frame of tables) {
      const known = before.get(frame);
      if (known !== undefined) this.#tables.set(frame, known);
    }
    for (const [at, frame] of changed.entries()) {
      this.#tables.set(frame, tableWords.subarray(at * FRAME_WORDS, (at + 1) * FRAME_WORDS));
    }
  }

  /** Of a page table all words, of another frame the first few. */
  override frameContents(frame: number): Uint32Array {
    const start = this.#heads + frame * headWords;
    return this.#tables.get(frame) ?? this.#words.subarray(start, start + headWords);
  }
}
