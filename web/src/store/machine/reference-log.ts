// Keeps the references of processes in their order, and between them how their pages came into frames and left them, as
// the rings of events tell it. References of the script are told one by one; of a workload those that fault. A run that
// is put back keeps what came before its place: up to there it is the same run.

import type { MachineViews } from '../../engine/views.ts';
import { inOrder, type MachineEvent, numberOf } from '../../engine/words.ts';
import {
  JOB_KINDS,
  PTE_FORMAT,
  PTE_IN_TRANSIT,
  PTE_TRANSITION,
  PTE_VALID,
} from '../../generated/machine.ts';

/** Where a page is, if it is in a frame: mapped, or trimmed and still there. */
export interface Place {
  readonly frame: number;
  readonly isTrimmed: boolean;
}

/** A moment of a run: no two events have the same. */
export interface Stamp {
  readonly time: number;
  readonly order: number;
}

/** An access of a process, as the script asks for it or as it faults. */
export interface Reference extends Stamp {
  readonly kind: 'reference';
  readonly process: number;
  readonly page: number;
  readonly isWrite: boolean;
  /** What fault it made, an index of `FAULT_KINDS`; undefined for a hit, `UNENDED` until it has ended. */
  readonly fault: number | undefined;
}

/** A page has gone to another frame, or has left memory. */
export interface Move extends Stamp {
  readonly kind: 'move';
  readonly process: number;
  readonly page: number;
  readonly from: Place | undefined;
  readonly to: Place | undefined;
}

export type Entry = Reference | Move;

const UNENDED = -1;

/** How many entries are kept, and how many records of a ring are looked at in one go. */
const MOST_ENTRIES = 1 << 14;
const MOST_RECORDS = 1 << 14;

const TOLD = ['pte', 'job-begin', 'job-end', 'fault-begin', 'fault-end'] as const;
const ACCESSES: ReadonlySet<string> = new Set(['read', 'write']);

export const isAfter = (one: Stamp, other: Stamp): boolean =>
  one.time > other.time || (one.time === other.time && one.order > other.order);

/** The frame that a PTE names. */
function placeOf([low, high]: readonly [number, number]): Place | undefined {
  const format = low & PTE_FORMAT;
  if (format !== PTE_VALID && format !== PTE_TRANSITION) return undefined;
  // A fault that is at work on the page unmaps it too, and evicts nothing.
  const isTrimmed = format === PTE_TRANSITION && (low & PTE_IN_TRANSIT) === 0;
  return { frame: numberOf(low, high), isTrimmed };
}

const isSamePlace = (one: Place | undefined, other: Place | undefined): boolean =>
  one?.frame === other?.frame && one?.isTrimmed === other?.isTrimmed;

/** The last event of all rings. */
function lastOf(machine: MachineViews): Stamp | undefined {
  const kinds = new Set(machine.layout.event_kinds.keys());
  let last: Stamp | undefined;
  for (let ring = 0; ring < machine.layout.parts.events.count; ring++) {
    const [event] = machine.latestEvents(ring, 1, kinds);
    if (event !== undefined && (last === undefined || isAfter(event, last))) last = event;
  }
  return last;
}

export class ReferenceLog {
  #entries: Entry[] = [];
  /** How far each ring was read. */
  #read: number[] = [];
  /** The same from before the rings were others. */
  #known: number[] = [];
  /** Of each CPU the reference that it makes, by its place among the entries; and whether the script asked for it. */
  #open = new Map<number, { at: Stamp; isAsked: boolean }>();

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  clear(): void {
    this.#entries = [];
    this.#read = [];
    this.#known = [];
    this.#open.clear();
  }

  /** From this time on the run is another, or has not happened: the rings are read anew. */
  goTo(time: number, machine?: MachineViews): void {
    const end = machine === undefined ? undefined : lastOf(machine);
    this.#entries = this.#entries.filter(
      (entry) => entry.time <= time && (end === undefined || !isAfter(entry, end)),
    );
    const reach = (ring: number) => machine?.eventHead(ring) ?? Number.POSITIVE_INFINITY;
    this.#known = this.#read.map((read, ring) => Math.min(read, reach(ring)));
    this.#read = [];
    this.#open.clear();
  }

  /** Reads what the rings have recorded since it last did. */
  read(machine: MachineViews): void {
    const { event_kinds: names, parts } = machine.layout;
    const rings = Array.from({ length: parts.events.count }, (_, ring) => ring);
    const kinds = new Set(TOLD.map((name) => names.indexOf(name)));
    const last = this.#entries.at(-1);
    const told: MachineEvent[] = [];
    let gap: Stamp | undefined;
    for (const ring of rings) {
      const head = machine.eventHead(ring);
      const wasRead = this.#read[ring];
      const since = wasRead ?? machine.eventFloor(ring);
      if (head === since) {
        this.#read[ring] = head;
        continue;
      }
      const events = machine.latestEvents(ring, Math.min(head - since, MOST_RECORDS), kinds);
      const [first] = events;
      // A ring that is read anew reaches back to what is known, or something is lost.
      const isWhole =
        wasRead === undefined
          ? since <= (this.#known[ring] ?? 0)
          : since >= machine.eventFloor(ring) && head - since <= MOST_RECORDS;
      if (!isWhole && first !== undefined && (gap === undefined || isAfter(first, gap)))
        gap = first;
      this.#read[ring] = head;
      told.push(...events);
    }
    if (told.length === 0) return;
    // What one ring has lost, the others alone do not tell.
    const from = gap;
    if (from !== undefined) this.#entries = [];
    const known = told.filter((event) =>
      from === undefined ? last === undefined || isAfter(event, last) : !isAfter(from, event),
    );
    for (const event of known.sort(inOrder)) this.#tell(event, names[event.kind] ?? '');
    if (this.#entries.length > MOST_ENTRIES) this.#entries = this.#entries.slice(-MOST_ENTRIES / 2);
  }

  #tell(event: MachineEvent, name: string): void {
    const { time, order, cpu, process, number: page, a, b } = event;
    const at = { time, order };
    switch (name) {
      case 'pte': {
        const [from, to] = [placeOf(a), placeOf(b)];
        if (process === null || isSamePlace(from, to)) return;
        this.#entries.push({ ...at, kind: 'move', process, page, from, to });
        return;
      }
      case 'job-begin': {
        const job = JOB_KINDS[a[0]] ?? '';
        if (process === null || !ACCESSES.has(job)) return;
        this.#entries.push({
          ...at,
          kind: 'reference',
          process,
          page,
          isWrite: job === 'write',
          fault: undefined,
        });
        this.#open.set(cpu, { at, isAsked: true });
        return;
      }
      case 'job-end':
        this.#open.delete(cpu);
        return;
      case 'fault-begin':
        if (process === null) return;
        if (!this.#open.get(cpu)?.isAsked) {
          this.#entries.push({
            ...at,
            kind: 'reference',
            process,
            page,
            isWrite: a[0] === 1,
            fault: UNENDED,
          });
          this.#open.set(cpu, { at, isAsked: false });
        } else {
          this.#fault(cpu, UNENDED);
        }
        return;
      case 'fault-end':
        this.#fault(cpu, a[0]);
        if (this.#open.get(cpu)?.isAsked === false) this.#open.delete(cpu);
    }
  }

  /** The reference that a CPU makes has faulted. */
  #fault(cpu: number, fault: number): void {
    const open = this.#open.get(cpu);
    if (open === undefined) return;
    const index = this.#entries.findLastIndex(
      (entry) =>
        entry.kind === 'reference' && entry.time === open.at.time && entry.order === open.at.order,
    );
    const entry = this.#entries[index];
    if (entry?.kind === 'reference') this.#entries[index] = { ...entry, fault };
  }
}
