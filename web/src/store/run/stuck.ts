// Finds out whether the machine is out of room, why, and what would free it.

import { computed } from '@preact/signals';
import { FREE, MODIFIED, STANDBY, ZEROED } from '../../draw/palette.ts';
import { isAlive } from '../machine/grid-reader.ts';
import { observed } from '../machine/observation.ts';
import { rangeOf, withOption } from '../script/options.ts';
import { status } from './open-machine.ts';
import { records } from './playhead.ts';
import { perform, revise } from './session.ts';

export interface Stuck {
  readonly why: 'swap-full' | 'no-swap' | 'no-frame';
  readonly slots: number;
  readonly frames: number;
  readonly modified: number;
  readonly available: number;
  /** The process whose end would free the most. */
  readonly largest: string | undefined;
}

/** Why the machine cannot go on, or soon cannot; nothing while it has room. */
export const stuck = computed<Stuck | undefined>(() => {
  const views = observed.machine.value;
  if (views === undefined || status.value.kind !== 'ready') return undefined;
  const { slots, frames, trim_low: low } = views.layout;
  const counts = observed.frameCounts.value;
  const of = (state: number) => counts[state] ?? 0;
  const available = of(ZEROED) + of(FREE) + of(STANDBY);
  const modified = of(MODIFIED);
  const code = records.value.at(-1)?.outcome.code;
  const isFull = slots > 0 && observed.slotsUsed.value === slots;
  const isShort = available <= low && modified > 0;
  const facts = { slots, frames, modified, available, largest: largest() };
  if (code === 'out-of-swap' || (isFull && (isShort || code === 'out-of-memory'))) {
    return { ...facts, why: slots === 0 ? 'no-swap' : 'swap-full' };
  }
  if (code !== 'out-of-memory') return undefined;
  return { ...facts, why: slots === 0 ? 'no-swap' : 'no-frame' };
});

function largest(): string | undefined {
  let most = 0;
  let name: string | undefined;
  for (const row of observed.processes.value) {
    const held = observed.residence.value.get(row.index);
    const pages = (held?.resident ?? 0) + (held?.swapped ?? 0);
    if (isAlive(row) && pages > most) [most, name] = [pages, row.name];
  }
  return name;
}

/** Ends a process: its frames and slots are free afterwards, but for what it shares. */
export function freeByKilling(process: string): void {
  void perform({ op: 'kill', process });
}

const LEAST = 16;

/** Twice as many as the machine has, as far as the format allows. */
export function doubled(of: 'frames' | 'slots', now: number): number {
  return Math.min(rangeOf(of).most, Math.max(LEAST, now * 2));
}

/** Builds a machine with more of them, on which the lines that have run run again. */
export function enlarge(of: 'frames' | 'slots', to: number): void {
  void revise((now) => withOption(now, `/machine/${of}`, to));
}
