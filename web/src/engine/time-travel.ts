// Moves a virtual run to any of its places, forward and back: it keeps checkpoints on the way, and runs the way between
// two of them again, which comes to the same state because a virtual run is the same every time.

import type { OpOutcome, Place, ProcessInfo } from '../generated/types.d.ts';
import type { Effect, Witness } from './executed-lines.ts';
import type { Image } from './image.ts';

/** Which events are looked for: kinds by name; what is left out fits all. */
export interface Sought {
  kinds: string[];
  process?: number;
  number?: number;
  /** Of an event of a lock, which lock of its class; else the first operand. */
  operand?: number;
}

/** A place of the run, and how many lines of the script are done there. */
export interface Stand extends Place {
  line: number;
}

/** Where to go. The run stops at scheduling points alone: at the first one after what was asked for. */
export type Target =
  /** So many lines done. */
  | { line: number }
  /** So many events happened. */
  | { events: number }
  /** As late as this, in virtual nanoseconds. */
  | { time_ns: number }
  /** The next place, or the one before. */
  | { step: 'forward' | 'back' }
  /** The next event that fits, or the last one before here. */
  | { next: Sought }
  | { previous: Sought };

/** How to go there. */
export interface Way {
  /** An event that fits one of these ends the journey. */
  stops?: Sought[];
  /** A journey that runs on from here for longer than so many milliseconds ends on the way, to be gone on with. */
  within?: number;
}

/** What the timeline needs of the engine. */
export interface Machine {
  begin(op: string, index: number): void;
  advance(reach: { events?: number; time_ns?: number; fits?: Sought[] }): OpOutcome | undefined;
  place(): Place;
  processes(): ProcessInfo[];
  lookFor(sought: Sought[]): void;
  found(): { events: number; sought: number[] } | undefined;
}

export interface Imaging {
  capture(): Image;
  restore(image: Image): void;
}

/** Hears of the run where it goes on, is put back, or becomes another. */
export interface Recorder {
  /** Hears at least once in so many events. */
  readonly slice: number;
  read(): void;
  wentBack(): void;
  lineEnded(lines: number): void;
  keepLines(lines: number): void;
}

interface Checkpoint {
  stand: Stand;
  image: Image;
  /** The counters when the line under way began. */
  began: Float64Array;
}

/** A line that ended: what it came to and did, and where it ended. */
export interface Ended extends Effect {
  outcome: OpOutcome;
  stand: Stand;
}

/** What a journey came to. */
export interface Journey {
  stand: Stand;
  /** The living processes there. */
  processes: ProcessInfo[];
  /** Lines that ended on the way, the first of them by its index. */
  first: number;
  ended: Ended[];
  /** Whether what was asked for was reached, rather than the end of the script, or the beginning. */
  reached: boolean;
  /** Which of the way's stops ended it, by index. */
  stoppedBy: number[];
  /** Whether it went by way of a place kept from before, rather than straight on: the rings begin anew there. */
  jumped: boolean;
  /** What is kept of the run to come back by. */
  kept: { checkpoints: number; bytes: number };
}

/** The bytes that checkpoints may take. */
const BUDGET = 16 << 20;
/** Least running time between two checkpoints, in milliseconds: what going there again costs, about. */
const SPACING_MS = 20;
/** A checkpoint of a large machine takes long itself: so many times as long is run before the next. */
const RUN_PER_CHECKPOINT = 4;
/** Events that are told before a place that was gone back to, as far as there were so many. */
const HISTORY = 1 << 13;
/** Events between two looks at the clock. */
const SLICE = 1 << 13;
/** Virtual time between two looks at the clock, in nanoseconds: accesses that hit are no events. */
const SLICE_NS = 2 ** 22;
/** Longest time between two checks for messages, in milliseconds. */
const CHECK_MESSAGES_MS = 50;

export class TimeTravel {
  readonly #machine: Machine;
  readonly #images: Imaging;
  readonly #witness: Witness;
  readonly #now: () => number;
  readonly #budget: number;
  readonly #recorder: Recorder | undefined;
  #lines: string[] = [];
  #line = 0;
  #began: Float64Array;
  /** In the order of their places; the first is the machine at boot. */
  #checkpoints: Checkpoint[] = [];
  #bytes = 0;
  /** Running time since the last checkpoint. */
  #sinceMs = 0;
  /** What the last checkpoint took. */
  #checkpointMs = 0;
  #stopped = false;
  #jumped = false;

  constructor(
    machine: Machine,
    images: Imaging,
    witness: Witness,
    {
      now = () => performance.now(),
      budget = BUDGET,
      recorder,
    }: { now?: () => number; budget?: number; recorder?: Recorder } = {},
  ) {
    this.#machine = machine;
    this.#images = images;
    this.#witness = witness;
    this.#began = witness.counters();
    this.#now = now;
    this.#budget = budget;
    this.#recorder = recorder;
    this.#keep();
  }

  /** How many lines have run. */
  get line(): number {
    return this.#line;
  }

  get stand(): Stand {
    return { ...this.#machine.place(), line: this.#line };
  }

  /** The script. Where it differs from the one before, the run that went on from there is forgotten. */
  follow(lines: string[]): void {
    const same = lines.findIndex((line, at) => line !== this.#lines[at]);
    const common = same < 0 ? Math.min(lines.length, this.#lines.length) : same;
    this.#lines = lines;
    this.#recorder?.keepLines(common);
    const holds = ({ line, under_way }: Stand) => line + Number(under_way) <= common;
    this.#checkpoints = this.#checkpoints.filter(({ stand }) => holds(stand));
    this.#bytes = this.#checkpoints.reduce((sum, { image }) => sum + image.byteLength, 0);
    if (!holds(this.stand)) this.#return(() => true);
  }

  /** Ends the journey under way at its next look for messages. */
  stop(): void {
    this.#stopped = true;
  }

  /** Does what changes the machine and is not of the script, and stands here again. */
  async aside<Result>(body: () => Result, breathe: () => Promise<void>): Promise<Result> {
    const { line, events, under_way } = this.stand;
    const result = body();
    this.#stopped = false;
    this.#return(
      (stand) => stand.line + Number(stand.under_way) <= line && stand.events + HISTORY <= events,
    );
    await this.#run(under_way ? { events } : { line }, {}, breathe);
    this.#jumped = true;
    return result;
  }

  /** Goes there; `breathe` is awaited now and then, so that others are heard. */
  async go(target: Target, breathe: () => Promise<void>, way: Way = {}): Promise<Journey> {
    this.#stopped = false;
    const here = this.stand;
    if ('step' in target) {
      if (target.step === 'forward') return this.#run({ events: here.events + 1 }, way, breathe);
      return this.#goTo({ events: here.before }, way, breathe);
    }
    if ('next' in target) return this.#run({ fits: [target.next] }, way, breathe);
    if ('previous' in target) return this.#goBackTo(target.previous, breathe);
    return this.#goTo(target, way, breathe);
  }

  async #goTo(
    target: { line: number } | { events: number } | { time_ns: number },
    way: Way,
    breathe: () => Promise<void>,
  ): Promise<Journey> {
    const isBefore = (stand: Stand) => {
      if ('line' in target) return stand.line + Number(stand.under_way) <= target.line;
      if ('events' in target) return stand.events <= target.events;
      return stand.time_ns <= target.time_ns;
    };
    // Where it stands is as good as a checkpoint, unless there is a later one on the way.
    const here = this.stand;
    const latest = this.#checkpoints.findLast(({ stand }) => isBefore(stand));
    const goesBack = !isBefore(here);
    if (goesBack || (latest && latest.stand.events > here.events && way.stops === undefined)) {
      // From a little earlier, so that the events just before are there too.
      const end = 'events' in target ? target.events : (latest?.stand.events ?? 0);
      this.#return((stand) => isBefore(stand) && stand.events + HISTORY <= end);
    }
    // A journey back does not stop on the way, which is where the run has been before.
    return this.#run(target, goesBack ? {} : way, breathe, here);
  }

  /** Looks for the last event that fits before here, from checkpoint to checkpoint backwards. */
  async #goBackTo(sought: Sought, breathe: () => Promise<void>): Promise<Journey> {
    let end = this.stand.before;
    const boot = this.#checkpoints[0]?.stand.events ?? 0;
    while (end > boot && !this.#stopped) {
      const start = this.#return(({ events }) => events < end);
      this.#machine.lookFor([sought]);
      await this.#run({ events: end }, {}, breathe);
      const found = this.#machine.found();
      this.#machine.lookFor([]);
      if (found !== undefined) return this.#goTo({ events: found.events }, {}, breathe);
      end = start.events;
    }
    return { ...(await this.#goTo({ events: 0 }, {}, breathe)), reached: false };
  }

  /** Stands at the last checkpoint that fits. */
  #return(fits: (stand: Stand) => boolean): Stand {
    const checkpoint =
      this.#checkpoints.findLast(({ stand }) => fits(stand)) ?? this.#checkpoints[0];
    if (checkpoint === undefined) throw new Error('the machine at boot is always kept');
    this.#images.restore(checkpoint.image);
    this.#line = checkpoint.stand.line;
    this.#began = checkpoint.began;
    this.#witness.forget();
    this.#recorder?.wentBack();
    this.#jumped = true;
    this.#sinceMs = 0;
    return checkpoint.stand;
  }

  async #run(
    target: { line?: number; events?: number; time_ns?: number; fits?: Sought[] },
    { stops = [], within = Number.POSITIVE_INFINITY }: Way,
    breathe: () => Promise<void>,
    from = this.stand,
  ): Promise<Journey> {
    const first = this.#line;
    const ended: Ended[] = [];
    const { line = Number.POSITIVE_INFINITY, events = Number.POSITIVE_INFINITY } = target;
    const fits = [...stops, ...(target.fits ?? [])];
    const begin = this.#now();
    let place = this.#machine.place();
    let lastBreath = begin;
    const slice = Math.min(SLICE, this.#recorder?.slice ?? SLICE);
    let sliceNs = SLICE_NS;
    let reached = false;
    let stoppedBy: number[] = [];
    while (true) {
      const atLine = !place.under_way && this.#line >= line;
      if (atLine || place.events >= events) {
        reached = true;
        break;
      }
      if (this.#stopped) break;
      const isBeyond = place.events > from.events || this.#line > from.line;
      if (isBeyond && this.#now() - begin >= within) break;
      if (!place.under_way) {
        const op = this.#lines[this.#line];
        if (op === undefined) break;
        this.#began = this.#witness.counters();
        this.#machine.begin(op, this.#line);
      }
      const before = place;
      const start = this.#now();
      const sliceEnd = Math.min(events, before.events + slice);
      const sliceTime = before.time_ns + sliceNs;
      const { time_ns = Number.POSITIVE_INFINITY } = target;
      const outcome = this.#machine.advance({
        events: sliceEnd,
        time_ns: Math.min(time_ns, sliceTime),
        ...(fits.length > 0 && { fits }),
      });
      place = this.#machine.place();
      this.#recorder?.read();
      if (outcome !== undefined) {
        const effect = this.#witness.effectOf(this.#lines[this.#line] ?? '', this.#began);
        this.#line++;
        this.#recorder?.lineEnded(this.#line);
        ended.push({ outcome, stand: { ...place, line: this.#line }, ...effect });
      }
      const found = fits.length > 0 ? this.#machine.found() : undefined;
      if (found !== undefined && found.events > before.events) {
        reached = found.sought.some((index) => index >= stops.length);
        stoppedBy = found.sought.filter((index) => index < stops.length);
        break;
      }
      if (outcome === undefined && place.events < sliceEnd && time_ns <= sliceTime) {
        // Neither done nor so many events: it stopped for the time.
        reached = true;
        break;
      }
      // A step that takes longer than a slice is taken by a longer slice.
      const moved = place.events > before.events || place.time_ns > before.time_ns;
      sliceNs = moved || outcome !== undefined ? SLICE_NS : sliceNs * 2;
      const now = this.#now();
      this.#sinceMs += now - start;
      if (this.#sinceMs >= Math.max(SPACING_MS, RUN_PER_CHECKPOINT * this.#checkpointMs)) {
        this.#keep();
      }
      if (now - lastBreath >= CHECK_MESSAGES_MS) {
        await breathe();
        lastBreath = this.#now();
      }
    }
    const jumped = this.#jumped;
    this.#jumped = false;
    return {
      stand: this.stand,
      jumped,
      processes: this.#machine.processes(),
      first,
      ended,
      reached,
      stoppedBy,
      kept: { checkpoints: this.#checkpoints.length, bytes: this.#bytes },
    };
  }

  /** Keeps a checkpoint of where it stands, unless there is one near. */
  #keep(): void {
    this.#sinceMs = 0;
    const { stand } = this;
    const at = this.#checkpoints.findLastIndex((other) => isNotAfter(other.stand, stand)) + 1;
    const before = this.#checkpoints[at - 1];
    if (before !== undefined && before.stand.events === stand.events) return;
    const after = this.#checkpoints[at];
    if (after !== undefined && after.stand.events === stand.events) return;
    const begin = this.#now();
    const image = this.#images.capture();
    this.#checkpointMs = this.#now() - begin;
    this.#checkpoints.splice(at, 0, { stand, image, began: this.#began });
    this.#bytes += image.byteLength;
    while (this.#bytes > this.#budget && this.#checkpoints.length > 2) this.#thin();
  }

  /** Evicts the checkpoint with the smallest gap between its neighbours. */
  #thin(): void {
    let least = Number.POSITIVE_INFINITY;
    let place = 1;
    for (let at = 1; at < this.#checkpoints.length - 1; at++) {
      const before = this.#checkpoints[at - 1]?.stand.events ?? 0;
      const after = this.#checkpoints[at + 1]?.stand.events ?? 0;
      if (after - before < least) [least, place] = [after - before, at];
    }
    const [gone] = this.#checkpoints.splice(place, 1);
    this.#bytes -= gone?.image.byteLength ?? 0;
  }
}

function isNotAfter(one: Stand, other: Stand): boolean {
  return one.events < other.events || (one.events === other.events && one.line <= other.line);
}
