// Tells how much of a journey to a line is done: the share of its accesses and lines.

import { computed, signal } from '@preact/signals';
import { observed } from '../machine/observation.ts';
import { shareDone } from '../script/accesses.ts';
import { scriptOf } from '../script/document.ts';
import { scenario } from './open-machine.ts';
import { playhead } from './playhead.ts';

/** A journey under way: the lines that it began after and goes to, and the accesses that the machine had counted then. */
interface Aim {
  readonly from: number;
  readonly to: number;
  readonly accesses: number;
}

const aim = signal<Aim | undefined>(undefined);

/** Runs `body`, which goes to where so many lines have run. */
export async function aimedAt<Result>(to: number, body: () => Promise<Result>): Promise<Result> {
  const from = playhead.peek().line;
  const mine = { from, to, accesses: observed.countersNow().accesses ?? 0 };
  if (to > from) aim.value = mine;
  try {
    return await body();
  } finally {
    if (aim.peek() === mine) aim.value = undefined;
  }
}

/** From 0 to 1; undefined while nothing is on its way to a line. */
export const completion = computed(() => {
  const way = aim.value;
  if (way === undefined) return undefined;
  const ops = scriptOf(scenario.value).slice(way.from, way.to);
  const accesses = (observed.counters.value.accesses ?? 0) - way.accesses;
  return shareDone(ops, playhead.value.line - way.from, accesses);
});
