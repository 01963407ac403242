// Reads what the rings record while a run goes on, before it is overwritten, and hands it over: each record once. A
// virtual run that was put back records the same again up to where it has been; that is passed over.

import {
  EVENT_STAMP_WORD,
  EVENT_TIME_SHIFT,
  EVENT_WORDS,
  RING_HEADER_WORDS,
} from '../generated/machine.ts';
import { type MachineViews, recordAt } from './views.ts';

/** Records of the rings, and from which stamp on others hold no more. */
export interface Recorded {
  /** Where the run became another, as `momentOf` counts: what was recorded after it did not happen. */
  readonly cut?: number;
  /** Whole records, ring by ring, each ring's in their order. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** Records that were overwritten before they were read. */
  readonly lost: number;
}

/** A stamp in nanoseconds, and what comes first among events of one time as their fraction. Exact up to 36 minutes. */
export function momentOf(low: number, high: number): number {
  return (high >>> 0) * 2 ** (32 - EVENT_TIME_SHIFT) + (low >>> 0) / 2 ** EVENT_TIME_SHIFT;
}

/** What is handed over at a time, in words. */
const PART = 1 << 16;

/** Copies records out of the rings, and knows how far it has read each. */
export class RingReader {
  readonly #views: MachineViews;
  readonly #next: Float64Array;
  #words = new Uint32Array(PART);
  #length = 0;
  #lost = 0;

  constructor(views: MachineViews) {
    this.#views = views;
    this.#next = new Float64Array(views.layout.parts.events.count);
  }

  /** The words that were read and not yet taken. */
  get length(): number {
    return this.#length;
  }

  /** The rings begin anew: what they have now was read before, or is not to be. */
  skip(): void {
    for (let ring = 0; ring < this.#next.length; ring++) {
      this.#next[ring] = this.#views.eventHead(ring);
    }
  }

  /** Reads on: of each ring at most so many of its latest records, those whose stamp `isNew`. */
  read(most: number, isNew: (high: number, low: number) => boolean = () => true): void {
    for (let ring = 0; ring < this.#next.length; ring++) this.#readRing(ring, most, isNew);
  }

  #readRing(ring: number, most: number, isNew: (high: number, low: number) => boolean): void {
    const views = this.#views;
    const { parts, event_capacity } = views.layout;
    const head = views.eventHead(ring);
    const next = this.#next[ring] ?? 0;
    if (head === next) return;
    const from = Math.max(next, views.eventFloor(ring), head - most);
    this.#reserve((head - from) * EVENT_WORDS);
    const begin = this.#length;
    const memory = views.words;
    const first = recordAt(parts.events, ring) + RING_HEADER_WORDS;
    for (let index = from; index < head; index++) {
      const at = first + (index % event_capacity) * EVENT_WORDS;
      const low = memory[at + EVENT_STAMP_WORD] ?? 0;
      const high = memory[at + EVENT_STAMP_WORD + 1] ?? 0;
      if (!isNew(high, low)) continue;
      for (let word = 0; word < EVENT_WORDS; word++) {
        this.#words[this.#length + word] = memory[at + word] ?? 0;
      }
      this.#length += EVENT_WORDS;
    }
    // The writer did not wait: what it has overwritten since is torn, and is dropped.
    const now = views.eventHead(ring);
    const torn = now === head ? 0 : Math.max(0, now - event_capacity + 1 - from);
    if (torn > 0) {
      const kept = Math.max(begin, this.#length - Math.max(0, head - from - torn) * EVENT_WORDS);
      this.#words.copyWithin(begin, kept, this.#length);
      this.#length -= kept - begin;
    }
    this.#lost += from - next + torn;
    this.#next[ring] = head;
  }

  /** What was read since the last call. */
  take(): Recorded {
    const recorded = { words: this.#words.slice(0, this.#length), lost: this.#lost };
    this.#length = 0;
    this.#lost = 0;
    return recorded;
  }

  #reserve(more: number): void {
    const least = this.#length + more;
    if (least <= this.#words.length) return;
    const wider = new Uint32Array(Math.max(2 * this.#words.length, least));
    wider.set(this.#words.subarray(0, this.#length));
    this.#words = wider;
  }
}

/** A place in the order of events: a stamp in halves. */
interface Stamp {
  readonly high: number;
  readonly low: number;
}

/** Records a virtual run that travels. */
export class EventRecorder {
  /** A run that goes on by no more events than this between two reads loses none. */
  readonly slice: number;
  readonly #reader: RingReader;
  readonly #send: (recorded: Recorded) => void;
  #last: Stamp = { high: 0, low: 0 };
  /** The last stamp of the first so many lines. */
  #ends: Stamp[] = [];

  /** Of a machine at boot. */
  constructor(views: MachineViews, send: (recorded: Recorded) => void) {
    this.slice = views.layout.event_capacity >> 1;
    this.#reader = new RingReader(views);
    this.#send = send;
    this.read();
    this.lineEnded(0);
  }

  /** Reads on. */
  read(): void {
    const before = this.#last;
    let { high: lastHigh, low: lastLow } = before;
    this.#reader.read(Number.POSITIVE_INFINITY, (high, low) => {
      if (high < before.high || (high === before.high && low <= before.low)) return false;
      if (high > lastHigh || (high === lastHigh && low > lastLow)) {
        lastHigh = high;
        lastLow = low;
      }
      return true;
    });
    this.#last = { high: lastHigh, low: lastLow };
    if (this.#reader.length >= PART) this.flush();
  }

  /** Hands over what was read. */
  flush(): void {
    if (this.#reader.length > 0) this.#send(this.#reader.take());
  }

  /** The run stands at an earlier place, and its rings are as they were there. */
  wentBack(): void {
    this.#reader.skip();
  }

  /** So many lines have ended. */
  lineEnded(lines: number): void {
    this.#ends[lines] ??= this.#last;
  }

  /** After the first so many lines the script is another. */
  keepLines(lines: number): void {
    const end = this.#ends[lines];
    if (end === undefined) return;
    this.#ends.length = lines + 1;
    if (end.high === this.#last.high && end.low === this.#last.low) return;
    this.flush();
    this.#last = end;
    this.#send({ cut: momentOf(end.low, end.high), words: new Uint32Array(0), lost: 0 });
  }
}
