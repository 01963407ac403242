// Tells what the legends, bars and figures are to say: what the cells show, also while events are played that the machine
// is past already.

import { computed } from '@preact/signals';
import { tally } from '../machine/grid-reader.ts';
import { observed } from '../machine/observation.ts';
import type { GridName } from './animations.ts';
import { presentation } from './presentation.ts';

/** How many cells of a grid show each state. */
function countsOf(grid: GridName, live: () => Uint8Array): number[] {
  const counts = new Uint32Array(8);
  tally(presentation.looks(grid, live()), counts);
  return [...counts];
}

const playing = computed(() => {
  presentation.version.value;
  return presentation.isPlaying();
});

/** Whether events are played; each change is another time to look. */
function isPlaying(): boolean {
  presentation.version.value;
  return playing.value;
}

export const shown = {
  playing,
  frameCounts: computed(() =>
    isPlaying() ? countsOf('frames', observed.frameLooks) : observed.frameCounts.value,
  ),
  pageCounts: computed(() =>
    isPlaying() ? countsOf('pages', observed.pageLooks) : observed.pageCounts.value,
  ),
  slotsUsed: computed(() => {
    if (!isPlaying()) return observed.slotsUsed.value;
    const [zeroed = 0, free = 0] = countsOf('slots', observed.slotLooks);
    return observed.slotLooks().length - zeroed - free;
  }),
  counters: computed(
    () => (isPlaying() ? presentation.figures()?.counters : undefined) ?? observed.counters.value,
  ),
  residence: computed(
    () => (isPlaying() ? presentation.figures()?.residence : undefined) ?? observed.residence.value,
  ),
  replacement: computed(() => {
    const then = isPlaying() ? presentation.figures()?.replacement : undefined;
    observed.version.value;
    return then ?? observed.replacementNow();
  }),
};
