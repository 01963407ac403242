// Measures what a line of the script did: how much each counter grew, and where its page is afterwards.

import type { Op, ProcessInfo } from '../generated/types.d.ts';
import type { MachineViews } from './views.ts';

export interface Effect {
  /** Counters that grew, by name. */
  grew: Record<string, number>;
  /** The PTE of the page that the line names, in halves. */
  after?: { low: number; high: number };
}

/** Observes lines: reads the counters when one begins, and when it ends how they and its page have changed. */
export interface Witness {
  counters(): Float64Array;
  effectOf(line: string, before: Float64Array): Effect;
  /** The machine is another: nothing that was known of it holds. */
  forget(): void;
}

/** Ops after which a name may be another process, or none. */
const CHANGES_PROCESSES: readonly string[] = ['spawn', 'fork', 'kill', 'together', 'repeat'];

export function changesProcesses({ op }: Op): boolean {
  return CHANGES_PROCESSES.includes(op);
}

/** The counters that differ, each by how much it grew. */
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

/** Reads what lines do in the memory of the machine itself. */
export class LineReader implements Witness {
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

  effectOf(line: string, before: Float64Array): Effect {
    const op = JSON.parse(line) as Op;
    if (changesProcesses(op)) this.forget();
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
