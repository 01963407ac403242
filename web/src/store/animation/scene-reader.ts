// Reads events into scenes: which cells each changes, and what travels from cell to cell at it. A page that is copied
// names the old frame until it is mapped to the new one. Where the old one was just read from swap, an earlier event names
// it: so a reader lasts as long as a move of the playhead, and first of all reads the events just before it.

import { frameLook, pteLook } from '../../draw/looks.ts';
import { ACTIVE, FREE, READING, WRITING } from '../../draw/palette.ts';
import { inOrder, type MachineEvent, numberOf } from '../../engine/words.ts';
import {
  PTE_FORMAT,
  PTE_IN_TRANSIT,
  PTE_SWAPPED,
  PTE_TRANSITION,
  PTE_VALID,
} from '../../generated/machine.ts';
import type { CellAddress, Scene } from './animations.ts';

/** The kinds of events of which something can be seen. */
export const VISIBLE: ReadonlySet<string> = new Set([
  'pte',
  'claim',
  'pfn',
  'swap-read-end',
  'swap-write-end',
]);

const frame = (index: number): CellAddress => ({ grid: 'frames', index });
const slot = (index: number): CellAddress => ({ grid: 'slots', index: index - 1 });

const formatOf = (low: number) => low & PTE_FORMAT;
const isInTransit = (low: number) => (low & PTE_IN_TRANSIT) !== 0;
const refersToFrame = (low: number) =>
  formatOf(low) === PTE_VALID || formatOf(low) === PTE_TRANSITION;

export class SceneReader {
  readonly #kinds: readonly string[];
  /** Of each slot that was read for a process and is not mapped yet: the frame that it was read into. */
  readonly #reads = new Map<string, number>();

  constructor(kinds: readonly string[]) {
    this.#kinds = kinds;
  }

  /** The scenes of events of several rings, in the one order of events. */
  scenes(events: readonly MachineEvent[]): Scene[] {
    return events.toSorted(inOrder).flatMap((event) => this.#scene(event) ?? []);
  }

  #scene(event: MachineEvent): Scene | undefined {
    switch (this.#kinds[event.kind]) {
      case 'pte':
      case 'claim': {
        const { process, number } = event;
        const cell: CellAddress = {
          grid: 'pages',
          index: number,
          ...(process !== null && { process }),
        };
        const flight = this.#copy(event, cell);
        const [low, high] = event.a;
        return {
          ...(flight && { flight }),
          cells: [{ cell, before: pteLook(low), word: { low, high } }],
        };
      }
      case 'pfn':
        return { cells: [{ cell: frame(event.number), before: frameLook(event.a[0]) }] };
      case 'swap-write-end': {
        if (event.b[0] === 1) return undefined;
        const to = slot(event.number);
        return {
          flight: { kind: 'eviction', from: frame(event.a[0]), to, state: WRITING },
          cells: [{ cell: to, before: FREE }],
        };
      }
      case 'swap-read-end': {
        const { process, number, a, b } = event;
        if (b[0] === 1) return undefined;
        this.#reads.set(`${process} ${number}`, a[0]);
        return {
          flight: { kind: 'read-in', from: slot(number), to: frame(a[0]), state: READING },
          cells: [],
        };
      }
      default:
        return undefined;
    }
  }

  /** The copy that ends with this event: the page is mapped to another frame than its contents were in. */
  #copy({ process, a, b }: MachineEvent, page: CellAddress): Scene['flight'] {
    if (isInTransit(b[0]) || formatOf(b[0]) !== PTE_VALID) return undefined;
    const from = refersToFrame(a[0]) ? numberOf(...a) : this.#takeRead(process, a);
    const to = numberOf(...b);
    if (from === undefined || from === to) return undefined;
    return { kind: 'copy', from: frame(from), to: frame(to), state: ACTIVE, page };
  }

  /** The frame that the slot of a swapped page was read into, which is asked for once. */
  #takeRead(process: number | null, pte: MachineEvent['a']): number | undefined {
    if (formatOf(pte[0]) !== PTE_SWAPPED) return undefined;
    const key = `${process} ${numberOf(...pte)}`;
    const read = this.#reads.get(key);
    this.#reads.delete(key);
    return read;
  }
}
