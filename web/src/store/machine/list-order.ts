// Lists the frames of one state in their order: each list from its head to its tail, then what CPUs keep beside the
// lists, which they take from and give to without a lock.

import type { MachineViews } from '../../engine/views.ts';
import {
  FRAME_ACTIVE,
  FRAME_FREE,
  FRAME_MODIFIED,
  FRAME_STANDBY,
  FRAME_STATES,
  FRAME_ZEROED,
} from '../../generated/machine.ts';

/** Frames that stand one after the other. */
export interface Stretch {
  /** A list, the free frames that a CPU keeps at hand, or those on its way to the active list. */
  readonly of: 'list' | 'at-hand' | 'arrivals';
  /** The number of the list among those of its state, or of the CPU. */
  readonly which: number;
  readonly frames: readonly number[];
  /** Where among them a policy goes on to search. */
  readonly hand?: number;
}

/** States whose frames stand on lists. */
export const LISTED: readonly number[] = [
  FRAME_ZEROED,
  FRAME_FREE,
  FRAME_STANDBY,
  FRAME_ACTIVE,
  FRAME_MODIFIED,
];

export function stretchesOf(machine: MachineViews, state: number): Stretch[] {
  const { layout } = machine;
  const name = FRAME_STATES[state] ?? '';
  const stretches: Stretch[] = [];
  for (const [index, list] of layout.list_names.entries()) {
    const [kind, shard] = list.split('/');
    if (kind !== name) continue;
    const frames = machine.listFrames(index);
    const { hand } = machine.list(index);
    const at = hand === null ? -1 : frames.indexOf(hand);
    stretches.push({ of: 'list', which: Number(shard ?? 0), frames, ...(at >= 0 && { hand: at }) });
  }
  for (let cpu = 0; cpu < layout.cpus; cpu++) {
    if (name === 'free' || name === 'zeroed') {
      const frames = machine.atHand(cpu).filter((frame) => machine.frame(frame).state === name);
      // The one that is taken next stands first, as on a list.
      if (frames.length > 0)
        stretches.push({ of: 'at-hand', which: cpu, frames: frames.reverse() });
    }
    if (name === 'active') {
      const frames = machine.arrivals(cpu);
      if (frames.length > 0) stretches.push({ of: 'arrivals', which: cpu, frames });
    }
  }
  return stretches;
}
