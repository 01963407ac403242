// Reads the latest faults out of the rings of events: kind, process, page and the time of each phase. What was read
// once is kept when a ring loses it. A run that is put back to an earlier place keeps the faults that had ended there:
// up to that place it is the same run.

import type { MachineViews } from '../../engine/views.ts';
import type { MachineEvent } from '../../engine/words.ts';

export interface Phase {
  readonly phase: number;
  readonly begin: number;
  readonly end: number;
}

/** A lock that was waited for: until when, how long, and of which class. */
export interface LockWait {
  readonly end: number;
  readonly ns: number;
  readonly kind: number;
}

/** What it turns out to be, nobody knows before it ends. */
export const UNDER_WAY = -1;

export interface Fault {
  readonly cpu: number;
  readonly process: number | null;
  readonly page: number;
  readonly write: boolean;
  /** What it turned out to be: an index of `FAULT_KINDS`. */
  readonly kind: number;
  readonly begin: number;
  readonly end: number;
  readonly phases: readonly Phase[];
  /** How long the walk took that found it; 0 where that is not measured. */
  readonly walk: number;
  readonly waits: readonly LockWait[];
}

/** How many faults are told, and in how many records of all rings they are looked for. */
const MOST_FAULTS = 512;
const MOST_RECORDS = 1 << 15;

const TOLD = ['fault-begin', 'fault-phase', 'fault-end', 'lock-waited'] as const;

/** A mark is the moment a phase is reached: it lasts until the next mark. */
function phasesOf(marks: readonly { phase: number; at: number }[], end: number): Phase[] {
  return marks.map(({ phase, at }, index) => ({
    phase,
    begin: at,
    end: marks[index + 1]?.at ?? end,
  }));
}

/** A fault that has not ended, as it stands at a time. */
function standing(fault: Fault, now: number): Fault {
  const phases = fault.phases.map((phase) => ({ ...phase, end: Math.min(phase.end, now) }));
  return { ...fault, end: now, phases };
}

/** The faults that these events of one ring tell; the last may be one that has not ended. */
function faultsIn(events: readonly MachineEvent[], kinds: readonly string[]): Fault[] {
  const faults: Fault[] = [];
  let open: { event: MachineEvent; marks: { phase: number; at: number }[] } | undefined;
  let waits: LockWait[] = [];
  const tell = (kind: number, end: number) => {
    if (open === undefined) return;
    const { cpu, process, number: page, a, b, time: begin } = open.event;
    const phases = phasesOf(open.marks, end);
    const what = { cpu, process, page, write: a[0] === 1, kind, begin, end };
    faults.push({ ...what, phases, walk: b[0], waits });
    open = undefined;
  };
  for (const event of events) {
    const kind = kinds[event.kind];
    if (kind === 'fault-begin') {
      open = { event, marks: [] };
      waits = [];
    } else if (kind === 'fault-phase') {
      open?.marks.push({ phase: event.a[0], at: event.time });
    } else if (kind === 'lock-waited') {
      waits.push({ end: event.time, ns: event.b[0], kind: event.number });
    } else if (kind === 'fault-end') {
      tell(event.a[0], event.time);
    }
  }
  tell(UNDER_WAY, Number.POSITIVE_INFINITY);
  return faults;
}

export class FaultLog {
  #machine: MachineViews | undefined;
  #marks: readonly number[] = [];
  #all: readonly Fault[] | undefined = [];
  /** Those that had ended when the rings were last read, by where and when they began. */
  #kept = new Map<string, Fault>();

  clear(): void {
    this.goTo(Number.NEGATIVE_INFINITY);
    this.#all = [];
  }

  /** The run is put back to this time: what ended later has not happened, and the rings are others. */
  goTo(time: number): void {
    for (const [place, { end }] of this.#kept) if (end > time) this.#kept.delete(place);
    this.#machine = undefined;
    this.#marks = [];
    this.#all = this.#latest();
  }

  /** Looks whether the rings have other records than before. */
  read(machine: MachineViews): boolean {
    const { rows } = machine;
    const marks = Array.from({ length: rows * 2 }, (_, at) =>
      at < rows ? machine.eventHead(at) : machine.eventFloor(at - rows),
    );
    const moved = marks.some((mark, at) => mark !== (this.#marks[at] ?? 0));
    this.#machine = machine;
    this.#marks = marks;
    if (moved) this.#all = undefined;
    return moved;
  }

  /** The latest faults, in the order they ended. */
  get faults(): readonly Fault[] {
    return this.#told().filter(({ kind }) => kind !== UNDER_WAY);
  }

  /** Faults that have begun and not ended by this time. */
  underWay(now: number): Fault[] {
    const open = this.#told().filter(({ kind }) => kind === UNDER_WAY);
    return open.map((fault) => standing(fault, now));
  }

  #told(): readonly Fault[] {
    this.#all ??= this.#look();
    return this.#all;
  }

  #look(): Fault[] {
    const machine = this.#machine;
    if (machine === undefined) return [];
    const { rows } = machine;
    const { event_kinds } = machine.layout;
    const kinds = new Set(TOLD.map((name) => event_kinds.indexOf(name)));
    const most = Math.ceil(MOST_RECORDS / rows);
    const faults = Array.from({ length: rows }, (_, ring) =>
      faultsIn(machine.latestEvents(ring, most, kinds), event_kinds),
    ).flat();
    for (const fault of faults) {
      if (fault.kind !== UNDER_WAY) this.#kept.set(`${fault.cpu} ${fault.begin}`, fault);
    }
    return [...this.#latest(), ...faults.filter(({ kind }) => kind === UNDER_WAY)];
  }

  /** The latest of those that are kept, in the order they ended; the others are dropped. */
  #latest(): Fault[] {
    const latest = [...this.#kept.values()]
      .sort((a, b) => (a.end < b.end ? -1 : Number(a.end > b.end)))
      .slice(-MOST_FAULTS);
    if (latest.length < this.#kept.size) {
      this.#kept = new Map(latest.map((fault) => [`${fault.cpu} ${fault.begin}`, fault]));
    }
    return latest;
  }
}
