// Knows how finely the times of a run are known.

import { computed } from '@preact/signals';
import { measureStep } from '../../engine/clock.ts';
import { runtimeKind } from './open-machine.ts';

let measured: number | undefined;

/** By how much the clock of the run moves at once, in nanoseconds; 0 on virtual CPUs, whose time is modelled. */
export const clockStep = computed(() => {
  if (runtimeKind.value !== 'threads') return 0;
  measured ??= measureStep();
  return measured;
});
