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

/** Runs of words that differ from the base: where, how many, and the words. */
export type Image = Int32Array<ArrayBuffer>;

/** Equal words that end a run: a run costs two words itself. */
const GAP = 3;

export class Images {
  readonly #memory: WebAssembly.Memory;
  readonly #base: Int32Array<ArrayBuffer>;
  readonly #rings: MemoryPart;
  #scratch: Int32Array<ArrayBuffer>;
  /** Where a memory is put together before it is there: made once, because new pages cost more than old ones. */
  #whole = new Int32Array();
  #end = 0;

  /** The base is the memory as it is now. */
  constructor(memory: WebAssembly.Memory, rings: MemoryPart) {
    this.#memory = memory;
    this.#base = new Int32Array(memory.buffer).slice();
    this.#rings = rings;
    this.#scratch = new Int32Array(1 << 16);
  }

  /** The words that images have, from and to: all but the records. */
  *#parts(length: number): Generator<[from: number, to: number]> {
    const { address, stride, count } = this.#rings;
    let from = 0;
    for (let ring = 0; ring < count; ring++) {
      const start = (address + ring * stride) / WORD_BYTES;
      yield [from, start + RING_HEADER_WORDS];
      from = start + stride / WORD_BYTES;
    }
    yield [from, length];
  }

  /** The memory as it is now. */
  capture(): Image {
    const now = new Int32Array(this.#memory.buffer);
    const base = this.#base;
    this.#end = 0;
    for (const [start, end] of this.#parts(now.length)) {
      let at = start;
      while (at < end) {
        // What the memory has grown by was zero.
        if (now[at] === (base[at] ?? 0)) {
          at++;
          continue;
        }
        const from = at;
        let to = ++at;
        while (at < end && at - to <= GAP) {
          if (now[at] !== (base[at] ?? 0)) to = at + 1;
          at++;
        }
        this.#keep(now, from, to);
      }
    }
    return this.#scratch.slice(0, this.#end);
  }

  #keep(now: Int32Array, from: number, to: number): void {
    const size = to - from;
    const end = this.#end + size + 2;
    if (end > this.#scratch.length) {
      const wider = new Int32Array(Math.max(this.#scratch.length * 2, end));
      wider.set(this.#scratch.subarray(0, this.#end));
      this.#scratch = wider;
    }
    this.#scratch[this.#end] = from;
    this.#scratch[this.#end + 1] = size;
    this.#scratch.set(now.subarray(from, to), this.#end + 2);
    this.#end = end;
  }

  /** Makes the memory what it was. A reader sees meanwhile some of either, and nothing else. */
  restore(image: Image): void {
    const now = new Int32Array(this.#memory.buffer);
    if (this.#whole.length < now.length) this.#whole = new Int32Array(now.length);
    const whole = this.#whole;
    whole.set(this.#base);
    whole.fill(0, this.#base.length);
    for (let at = 0; at < image.length; ) {
      const from = image[at] ?? 0;
      const size = image[at + 1] ?? 0;
      whole.set(image.subarray(at + 2, at + 2 + size), from);
      at += size + 2;
    }
    for (const [from, to] of this.#parts(now.length)) now.set(whole.subarray(from, to), from);
    const { address, stride, count } = this.#rings;
    for (let ring = 0; ring < count; ring++) {
      const header = (address + ring * stride) / WORD_BYTES;
      const seen = header + RING_SEEN_WORD;
      now.copyWithin(header + RING_FLOOR_WORD, seen, seen + COUNTER_WORDS);
    }
  }
}
