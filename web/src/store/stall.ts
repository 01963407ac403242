// Notices a machine that has stopped moving while a line runs: a browser can end a worker without a word, and the
// others then wait for it for ever. Faults and evictions alone are no movement: a machine can turn in a circle.

import { signal } from '@preact/signals';
import { canShare } from '../engine/client.ts';
import { observed } from './observation.ts';
import { status } from './session.ts';

/** Nothing has been counted for a while, and a line is running. */
export const stalled = signal(false);

/** What gets a program on, or makes room for it. */
const movements = ['accesses', 'demand_zero', 'copies', 'swap_writes'] as const;

const PATIENCE_MS = 6000;
const LOOK_MS = 1000;

let counted = 0;
let stillFor = 0;
let lastLook = 0;

function look(): void {
  const now = performance.now();
  // After a suspension time has passed for nobody.
  const passed = Math.min(now - lastLook, 2 * LOOK_MS);
  lastLook = now;
  const counters = observed.countersNow();
  const sum = movements.reduce((total, name) => total + (counters[name] ?? 0), 0);
  const isStill = status.value.kind === 'busy' && !document.hidden && sum === counted;
  counted = sum;
  stillFor = isStill ? stillFor + passed : 0;
  stalled.value = stillFor >= PATIENCE_MS;
}

/** From copies nothing can be told until a line is done. */
export function watchForStalls(): void {
  if (canShare) setInterval(look, LOOK_MS);
}
