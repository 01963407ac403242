// What a line of the script did: how much each counter grew, and where its page is afterwards.

import type { Op, ProcessInfo } from '../generated/types.d.ts';
import type { Witness } from './time-travel.ts';
import type { MachineViews } from './views.ts';

export interface Deed {
  /** Counters that grew, by name. */
  grew: Record<string, number>;
  /** The PTE of the page that the line names, in halves. */
  after?: { low: number; high: number };
}

/** Lines after which a name is another process, or none. */
const CHANGES_NAMES: readonly string[] = ['spawn', 'fork', 'kill', 'together', 'repeat'];

export function grown(
  names: readonly string[],
  before: Float64Array,
  now: Float64Array,
): Record<string, number> {
  const grew: Record<string, number> = {};
  for (const [at, name] of names.entries()) {
    const more = (now[at] ?? 0) - (before[at] ?? 0);
    if (more !== 0) grew[name] = more;
  }
  return grew;
}

/** Reads it where the machine is. */
export class Deeds implements Witness {
  readonly #views: MachineViews;
  readonly #processes: () => ProcessInfo[];
  #names: Map<string, number> | undefined;

  constructor(views: MachineViews, processes: () => ProcessInfo[]) {
    this.#views = views;
    this.#processes = processes;
  }

  counters(): Float64Array {
    return this.#views.counterSums();
  }

  deed(line: string, before: Float64Array): Deed {
    const op = JSON.parse(line) as Op;
    if (CHANGES_NAMES.includes(op.op)) this.forget();
    const grew = grown(this.#views.layout.counter_names, before, this.counters());
    if (!('process' in op && 'page' in op)) return { grew };
    this.#names ??= new Map(this.#processes().map(({ name, index }) => [name, index]));
    const index = this.#names.get(op.process);
    const after = index === undefined ? undefined : this.#views.pteWords(index, op.page);
    return after === undefined ? { grew } : { grew, after };
  }

  forget(): void {
    this.#names = undefined;
  }
}
