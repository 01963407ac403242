// Copies the machine to a page that can share no memory: the engine worker sends what has changed in the arrays that
// the views read, and the page lays it into a buffer of its own, behind the same views.

import { FRAME_WORDS, PFN_STATE_WORD, WORD_BYTES } from '../generated/machine.ts';
import type { Layout, MemoryPart, Parts } from '../generated/types.d.ts';
import { type HasBuffer, MachineViews, recordAt } from './views.ts';
import { frameStateOf } from './words.ts';

/** Of an ordinary frame the page reads but its beginning: so many words. */
const headWords = 8;

/** What is compared and sent as one: words. */
const blockWords = 256;

/** A part of what is copied: of the frames' bytes no more than their heads, and the page tables apart. */
type Part = Exclude<keyof Parts, 'frame_bytes'> | 'heads';

/** How many words each part of a machine has. */
function partWords({ frames, parts }: Layout): Record<Part, number> {
  const words = ({ stride, count }: MemoryPart) => (stride * count) / WORD_BYTES;
  return {
    processes: words(parts.processes),
    cpus: words(parts.cpus),
    counters: words(parts.counters),
    lists: words(parts.lists),
    locks: parts.locks.reduce((sum, profile) => sum + words(profile), 0),
    arrivals: words(parts.arrivals),
    lines: words(parts.lines),
    regions: words(parts.regions),
    latencies: words(parts.latencies),
    pfn: words(parts.pfn),
    links: words(parts.links),
    notes: words(parts.notes),
    slot_counts: words(parts.slot_counts),
    heads: frames * headWords,
    events: words(parts.events),
  };
}

/** Parts that are small: they come after every line, so that what a line did can be told at once. */
const small: readonly Part[] = [
  'processes',
  'cpus',
  'counters',
  'lists',
  'locks',
  'arrivals',
  'lines',
];

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
    const start = recordAt(this.#layout.parts[part], 0);
    return source.subarray(start, start + size);
  }

  #readHeads(source: Uint32Array): Uint32Array {
    const { frames, parts } = this.#layout;
    for (let frame = 0; frame < frames; frame++) {
      const at = recordAt(parts.frame_bytes, frame);
      for (let word = 0; word < headWords; word++) {
        this.#heads[frame * headWords + word] = source[at + word] as number;
      }
    }
    return this.#heads;
  }

  /** The profiles stand apart, each with its CPU. */
  #readLocks(source: Uint32Array): Uint32Array {
    let at = 0;
    for (const profile of this.#layout.parts.locks) {
      const words = source.subarray(recordAt(profile, 0), recordAt(profile, profile.count));
      this.#locks.set(words, at);
      at += words.length;
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
    const { frames, parts } = this.#layout;
    const tables: number[] = [];
    const changed: number[] = [];
    const pieces: Uint32Array[] = [];
    for (let frame = 0; frame < frames; frame++) {
      if (
        frameStateOf(source[recordAt(parts.pfn, frame) + PFN_STATE_WORD] as number) !== 'protected'
      )
        continue;
      tables.push(frame);
      const start = recordAt(parts.frame_bytes, frame);
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
    const at = (part: Exclude<Part, 'heads' | 'locks'>) => ({
      ...layout.parts[part],
      address: starts[part] * WORD_BYTES,
    });
    let profile = starts.locks * WORD_BYTES;
    const parts = {
      frame_bytes: { ...layout.parts.frame_bytes, address: 0 },
      pfn: at('pfn'),
      links: at('links'),
      notes: at('notes'),
      lists: at('lists'),
      processes: at('processes'),
      cpus: at('cpus'),
      counters: at('counters'),
      slot_counts: at('slot_counts'),
      events: at('events'),
      latencies: at('latencies'),
      arrivals: at('arrivals'),
      lines: at('lines'),
      regions: at('regions'),
      locks: layout.parts.locks.map((part) => {
        const address = profile;
        profile += part.stride * part.count;
        return { ...part, address };
      }),
    };
    super(words, { ...layout, parts });
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
