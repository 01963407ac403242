// Writes a run as a timeline for Perfetto while it goes on: what happens is taken from the rings of events part by
// part, before it is overwritten.

import type { OpOutcome, Place } from '../generated/types.d.ts';

/** What the file needs of the engine. */
interface Traced {
  threads(): number;
  beginTrace(title: string): void;
  traceMore(isLast: boolean): string;
  begin(op: string, index: number): void;
  advance(reach: { events: number }): OpOutcome | undefined;
  apply(op: string): OpOutcome;
  place(): Place;
}

/** Parts this long, in characters, go to the browser, which keeps on disk what is too much for its memory. */
const PART = 1 << 20;

export class TraceFile {
  readonly #machine: Traced;
  /** So many events at a time that no ring overflows. */
  readonly #slice: number;
  readonly #onGrown: (bytes: number) => void;
  readonly #parts: Blob[] = [];
  #text = '';
  #bytes = 0;
  #line = 0;

  /** Begins the file of a machine at boot; `capacity` is how many events a ring holds. */
  constructor(
    machine: Traced,
    title: string,
    capacity: number,
    onGrown: (bytes: number) => void = () => undefined,
  ) {
    this.#machine = machine;
    this.#slice = capacity >> 1;
    this.#onGrown = onGrown;
    machine.beginTrace(title);
  }

  /** Does the next line of the script. A virtual run stops on the way, which changes nothing of it. */
  apply(op: string): OpOutcome {
    if (this.#machine.threads() > 0) {
      const outcome = this.#machine.apply(op);
      this.#take(false);
      return outcome;
    }
    this.#machine.begin(op, this.#line++);
    while (true) {
      const { events } = this.#machine.place();
      const outcome = this.#machine.advance({ events: events + this.#slice });
      this.#take(false);
      if (outcome !== undefined) return outcome;
    }
  }

  /** The whole file. */
  finish(): Blob {
    this.#take(true);
    return new Blob(this.#parts, { type: 'application/json' });
  }

  #take(isLast: boolean): void {
    this.#text += this.#machine.traceMore(isLast);
    if (this.#text.length < PART && !isLast) return;
    const part = new Blob([this.#text]);
    this.#text = '';
    this.#parts.push(part);
    this.#bytes += part.size;
    this.#onGrown(this.#bytes);
  }
}
