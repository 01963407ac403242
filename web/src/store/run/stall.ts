// Notices a machine that has stopped moving while a line runs: a browser can end a worker without a word, and the
// others then wait for it for ever.

import { signal } from '@preact/signals';
import { canShare } from '../../engine/sharing.ts';
import { observed } from '../machine/observation.ts';
import { AT_ONCE, playingSpeed } from '../page/settings.ts';
import { status } from './open-machine.ts';
import { playhead, playing } from './playhead.ts';
import { movementOf } from './progress.ts';

/** Nothing has been counted for a while, and a line is running. */
export const stalled = signal(false);

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
  // A run that is played at a speed goes from event to event, and counts something only now and then.
  const isPaced = playing.value && playingSpeed.value !== AT_ONCE;
  const sum = movementOf(observed.countersNow()) + (isPaced ? playhead.value.events : 0);
  const isStill = status.value.kind === 'busy' && !document.hidden && sum === counted;
  counted = sum;
  stillFor = isStill ? stillFor + passed : 0;
  stalled.value = stillFor >= PATIENCE_MS;
}

/** From copies nothing can be told until a line is done. */
export function watchForStalls(): void {
  if (canShare) setInterval(look, LOOK_MS);
}
