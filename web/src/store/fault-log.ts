// The event rings, told as faults: kind, process, page and the time of each phase. Reads on from where it
// stopped; a fault whose beginning was overwritten is left out.

import type { MachineViews } from '../engine/views.ts';
import type { MachineEvent } from '../engine/words.ts';

export interface Phase {
  readonly phase: number;
  readonly begin: number;
  readonly end: number;
}

/** What a fault turned out to be, by the number its last event carries. */
export const FAULT_KINDS = [
  'failed',
  'demand_zero',
  'soft',
  'hard',
  'write_protect',
  'collided',
] as const;

/** What it turns out to be, nobody knows before it ends. */
export const UNDER_WAY = -1;

export interface Fault {
  readonly cpu: number;
  readonly process: number | null;
  readonly page: number;
  readonly write: boolean;
  readonly kind: number;
  readonly begin: number;
  readonly end: number;
  readonly phases: readonly Phase[];
}

interface OpenFault {
  readonly process: number | null;
  readonly page: number;
  readonly write: boolean;
  readonly begin: number;
  readonly marks: { phase: number; at: number }[];
}

/** A mark is the moment a phase is reached: it lasts until the next mark. */
function phasesOf({ marks }: OpenFault, end: number): Phase[] {
  return marks.map(({ phase, at }, index) => ({
    phase,
    begin: at,
    end: marks[index + 1]?.at ?? end,
  }));
}

/** Records of a ring that are read at one time: who comes later than that has missed more than can be shown. */
const MOST_AT_ONCE = 1 << 12;

export class FaultLog {
  /** The latest faults, in the order they ended. */
  readonly faults: Fault[] = [];
  /** Events overwritten before they were read: faults may be missing. */
  lost = 0;
  readonly #keep: number;
  readonly #next: number[] = [];
  readonly #open: (OpenFault | undefined)[] = [];

  constructor(keep = 512) {
    this.#keep = keep;
  }

  /** Faults that have begun and not ended by this time. */
  underWay(now: number): Fault[] {
    return this.#open.flatMap((open, cpu) =>
      open === undefined
        ? []
        : [{ cpu, ...open, kind: UNDER_WAY, end: now, phases: phasesOf(open, now) }],
    );
  }

  clear(): void {
    this.faults.length = 0;
    this.lost = 0;
    this.#next.length = 0;
    this.#open.length = 0;
  }

  /** Reads what is new; true if a fault ended. */
  read(machine: MachineViews): boolean {
    const { rows, event_kinds } = machine.layout;
    let ended = false;
    for (let ring = 0; ring < rows; ring++) {
      const since = this.#next[ring] ?? 0;
      const head = machine.eventHead(ring);
      const skipped = Math.max(0, head - MOST_AT_ONCE - since);
      const { events, next, lost: gone } = machine.events(ring, since + skipped);
      const lost = gone + skipped;
      this.#next[ring] = next;
      if (lost > 0) this.#open[ring] = undefined;
      this.lost += lost;
      for (const event of events) {
        const fault = this.#tell(ring, event_kinds[event.kind] ?? '', event);
        if (fault === undefined) continue;
        this.faults.push(fault);
        ended = true;
      }
    }
    if (ended) {
      this.faults.sort((a, b) => a.end - b.end);
      this.faults.splice(0, Math.max(0, this.faults.length - this.#keep));
    }
    return ended;
  }

  #tell(ring: number, kind: string, event: MachineEvent): Fault | undefined {
    if (kind === 'fault-begin') {
      this.#open[ring] = {
        process: event.process,
        page: event.number,
        write: event.a[0] === 1,
        begin: event.time,
        marks: [],
      };
      return undefined;
    }
    const open = this.#open[ring];
    if (open === undefined) return undefined;
    if (kind === 'fault-phase') {
      open.marks.push({ phase: event.a[0], at: event.time });
      return undefined;
    }
    if (kind !== 'fault-end') return undefined;
    this.#open[ring] = undefined;
    const end = event.time;
    return {
      cpu: event.cpu,
      process: open.process,
      page: open.page,
      write: open.write,
      kind: event.a[0],
      begin: open.begin,
      end,
      phases: phasesOf(open, end),
    };
  }
}
