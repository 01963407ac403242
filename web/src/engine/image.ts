// Copies the engine's whole memory at a place of a virtual run, and puts it back, so that the run can stand there again.
//
// Between two calls nothing of the engine is anywhere but in its memory: machine, scheduler, tasks that wait in
// the middle of a fault, the script. So a copy of that memory is the run itself, exactly. Of each place only
// what differs from the machine at boot is kept.
//
// The records of events are left out: a run that goes on from an earlier place writes the same records to the
// same places of its rings again. What they have of the time before is not told: it may be of another time.

import {
  COUNTER_WORDS,
  RING_FLOOR_WORD,
  RING_HEADER_WORDS,
  RING_SEEN_WORD,
  WORD_BYTES,
} from '../generated/machine.ts';
import type { MemoryPart } from '../generated/types.d.ts';
import { Words } from './word-pairs.ts';

/** Runs of words that differ from the base: where, how many, and the words. */
export type Image = Int32Array<ArrayBuffer>;

/** Equal words that end a run: a run costs two words itself. */
const GAP = 3;
/** Words that are compared, and put back, at a time: a page of the host. */
const BLOCK_WORDS = 1024;

export class Images {
  readonly #memory: WebAssembly.Memory;
  readonly #rings: MemoryPart;
  /** The memory at boot by blocks. A block that is not here was all zeros, as most are. */
  readonly #base = new Map<number, Words>();
  #scratch = new Int32Array(1 << 16);
  #end = 0;

  /** The base is the memory as it is now. */
  constructor(memory: WebAssembly.Memory, rings: MemoryPart) {
    this.#memory = memory;
    this.#rings = rings;
    const now = new Words(memory.buffer);
    for (let from = 0; from < now.length; from += BLOCK_WORDS) {
      const to = Math.min(from + BLOCK_WORDS, now.length);
      if (now.firstDifference(from, to, ZEROS, 0) < to)
        this.#base.set(from, Words.of(now.copy(from, to)));
    }
  }

  /** The words that images have, from and to, no more than a block each: all but the records of the rings. */
  *#pieces(length: number): Generator<[from: number, to: number]> {
    const { address, stride, count } = this.#rings;
    let from = 0;
    for (let ring = 0; ring <= count; ring++) {
      const start = (address + ring * stride) / WORD_BYTES;
      const end = ring < count ? start + RING_HEADER_WORDS : length;
      for (let to: number; from < end; from = to) {
        to = Math.min(end, from - (from % BLOCK_WORDS) + BLOCK_WORDS);
        yield [from, to];
      }
      from = start + stride / WORD_BYTES;
    }
  }

  /** The block of the memory at boot in which this word is. */
  #baseAt(word: number): Words {
    return this.#base.get(word - (word % BLOCK_WORDS)) ?? ZEROS;
  }

  /** The memory as it is now. */
  capture(): Image {
    const now = new Words(this.#memory.buffer);
    this.#end = 0;
    for (const [from, to] of this.#pieces(now.length)) this.#keepRuns(now, from, to);
    return this.#scratch.slice(0, this.#end);
  }

  #keepRuns(now: Words, start: number, end: number): void {
    const base = this.#baseAt(start);
    const shift = start - (start % BLOCK_WORDS);
    const { words } = now;
    let at = now.firstDifference(start, end, base, start - shift);
    while (at < end) {
      if (words[at] === base.words[at - shift]) at++;
      const from = at;
      let to = ++at;
      while (at < end && at - to <= GAP) {
        if (words[at] !== base.words[at - shift]) to = at + 1;
        at++;
      }
      this.#keep(words.subarray(from, to), from);
      const pair = at - (at % 2);
      at = now.firstDifference(pair, end, base, pair - shift);
    }
  }

  #keep(run: Int32Array, from: number): void {
    const end = this.#end + run.length + 2;
    if (end > this.#scratch.length) {
      const wider = new Int32Array(
        Math.max(this.#scratch.length + (this.#scratch.length >> 2), end),
      );
      wider.set(this.#scratch.subarray(0, this.#end));
      this.#scratch = wider;
    }
    this.#scratch[this.#end] = from;
    this.#scratch[this.#end + 1] = run.length;
    this.#scratch.set(run, this.#end + 2);
    this.#end = end;
  }

  /** Makes the memory what it was. A reader sees meanwhile some of either, and nothing else. */
  restore(image: Image): void {
    const now = new Words(this.#memory.buffer);
    const piece = Words.of(new Int32Array(BLOCK_WORDS));
    let run = 0;
    for (const [from, to] of this.#pieces(now.length)) {
      const at = from % BLOCK_WORDS;
      piece.words.set(this.#baseAt(from).words.subarray(at, at + to - from));
      // A run lies within one piece.
      for (; run < image.length && (image[run] ?? 0) < to; run += (image[run + 1] ?? 0) + 2) {
        const size = image[run + 1] ?? 0;
        piece.words.set(image.subarray(run + 2, run + 2 + size), (image[run] ?? 0) - from);
      }
      if (now.firstDifference(from, to, piece, 0) < to)
        now.words.set(piece.words.subarray(0, to - from), from);
    }
    const { address, stride, count } = this.#rings;
    for (let ring = 0; ring < count; ring++) {
      const header = (address + ring * stride) / WORD_BYTES;
      const seen = header + RING_SEEN_WORD;
      now.words.copyWithin(header + RING_FLOOR_WORD, seen, seen + COUNTER_WORDS);
    }
  }
}

const ZEROS = Words.of(new Int32Array(BLOCK_WORDS));
