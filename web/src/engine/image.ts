// The engine's whole memory as it was at a place of a virtual run, so that the run can stand there again.
//
// Between two calls nothing of the engine is anywhere but in its memory: machine, scheduler, tasks that wait in
// the middle of a fault, the script. So a copy of that memory is the run itself, exactly. Of each place only
// what differs from the machine at boot is kept.

/** Runs of words that differ from the base: where, how many, and the words. */
export type Image = Int32Array<ArrayBuffer>;

/** Equal words that end a run: a run costs two words itself. */
const GAP = 3;

export class Images {
  readonly #memory: WebAssembly.Memory;
  readonly #base: Int32Array<ArrayBuffer>;
  #scratch: Int32Array<ArrayBuffer>;

  /** The base is the memory as it is now. */
  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#base = new Int32Array(memory.buffer).slice();
    this.#scratch = new Int32Array(1 << 16);
  }

  /** The memory as it is now. */
  capture(): Image {
    const now = new Int32Array(this.#memory.buffer);
    const base = this.#base;
    const common = Math.min(now.length, base.length);
    let out = this.#scratch;
    let end = 0;
    const keep = (from: number, to: number) => {
      const size = to - from;
      if (end + size + 2 > out.length) {
        const wider = new Int32Array(Math.max(out.length * 2, end + size + 2));
        wider.set(out.subarray(0, end));
        out = wider;
      }
      out[end] = from;
      out[end + 1] = size;
      out.set(now.subarray(from, to), end + 2);
      end += size + 2;
    };
    let at = 0;
    while (at < common) {
      if (now[at] === base[at]) {
        at++;
        continue;
      }
      const from = at;
      let to = ++at;
      while (at < common && at - to <= GAP) {
        if (now[at] !== base[at]) to = at + 1;
        at++;
      }
      keep(from, to);
    }
    // What the memory has grown by was zero.
    while (at < now.length) {
      if (now[at] === 0) {
        at++;
        continue;
      }
      const from = at;
      let to = ++at;
      while (at < now.length && at - to <= GAP) {
        if (now[at] !== 0) to = at + 1;
        at++;
      }
      keep(from, to);
    }
    this.#scratch = out;
    return out.slice(0, end);
  }

  /** Makes the memory what it was. Who reads it meanwhile sees some of either, and nothing else. */
  restore(image: Image): void {
    const now = new Int32Array(this.#memory.buffer);
    const whole = new Int32Array(now.length);
    whole.set(this.#base);
    for (let at = 0; at < image.length; ) {
      const from = image[at] ?? 0;
      const size = image[at + 1] ?? 0;
      whole.set(image.subarray(at + 2, at + 2 + size), from);
      at += size + 2;
    }
    now.set(whole);
  }
}
