// Compares the words of two buffers in pairs.

/** A buffer as words, and as pairs of words, which are compared three times as fast. */
export class Words {
  readonly words: Int32Array;
  readonly #pairs: BigInt64Array;

  constructor(buffer: ArrayBufferLike) {
    this.words = new Int32Array(buffer);
    this.#pairs = new BigInt64Array(buffer);
  }

  static of(words: Int32Array<ArrayBuffer>): Words {
    return new Words(words.buffer);
  }

  get length(): number {
    return this.words.length;
  }

  copy(from: number, to: number): Int32Array<ArrayBuffer> {
    return this.words.slice(from, to) as Int32Array<ArrayBuffer>;
  }

  /**
   * The first pair of words, between `from` and `to`, that differs from that of the other buffer, whose words begin
   * `at` there; `to` if none does. All places are even.
   */
  firstDifference(from: number, to: number, other: Words, at: number): number {
    const pairs = this.#pairs;
    const theirs = other.#pairs;
    const end = to / 2;
    const shift = at / 2 - from / 2;
    let pair = from / 2;
    for (; pair + 3 < end; pair += 4) {
      const there = pair + shift;
      if (
        pairs[pair] !== theirs[there] ||
        pairs[pair + 1] !== theirs[there + 1] ||
        pairs[pair + 2] !== theirs[there + 2] ||
        pairs[pair + 3] !== theirs[there + 3]
      ) {
        break;
      }
    }
    while (pair < end && pairs[pair] === theirs[pair + shift]) pair++;
    return pair * 2;
  }
}
