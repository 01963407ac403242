// Counts how often replacement policies fault on the references that the scenario replays, in memories of many sizes: the
// analysis of the references, with no machine behind it.

import { computed, signal } from '@preact/signals';
import { replayTrace } from '../../engine/curves.ts';
import type { Replayed } from '../../engine/curves-messages.ts';
import { observed } from '../machine/observation.ts';
import { dataFramesOf, withDataFrames } from '../script/data-frames.ts';
import { LatestTask } from './latest-task.ts';
import { scenario } from './open-machine.ts';
import { fileOfRun, nameOf, replayable } from './replayed.ts';
import { revise } from './session.ts';

/** The policies that are replayed, as the command line names them: the optimal one last. */
export const CURVES = ['fifo', 'clock', 'lru', 'sieve', 's3-fifo', 'arc', 'opt'] as const;
export type CurveName = (typeof CURVES)[number];

/** How many sizes are counted. */
const SIZES = 24;

interface Curves {
  /** The trace, or the process that runs a reference string. */
  readonly name: string;
  readonly replayed?: Replayed;
  /** The faults by size, of those policies that are counted. */
  readonly faults: Partial<Readonly<Record<CurveName, readonly number[]>>>;
  readonly isDone: boolean;
  readonly message?: string;
}

export const curves = signal<Curves | undefined>(undefined);

/** The frames for data that the machine has now. */
export const presentFrames = computed<number | undefined>(() => {
  const frames = observed.machine.value?.layout.frames;
  return frames === undefined ? undefined : dataFramesOf(scenario.value, frames);
});

const task = new LatestTask();

export function endCurves(): void {
  task.end();
  curves.value = undefined;
}

/** Replays what the scenario replays; curves appear as they are counted. */
export async function countCurves(): Promise<void> {
  const run = replayable.value;
  if (run === undefined) return;
  const signal = task.begin();
  const name = nameOf(run);
  curves.value = { name, faults: {}, isDone: false };
  const tell = (change: Partial<Curves>) => {
    if (!signal.aborted && curves.value !== undefined)
      curves.value = { ...curves.value, ...change };
  };
  const file = await fileOfRun(run);
  if (signal.aborted) return;
  if (file === undefined) return tell({ isDone: true, message: `there is no trace ${name}` });
  const order = { file, policies: CURVES, sizes: SIZES, also: presentFrames.peek() };
  replayTrace(order, signal, (answer) => {
    if (answer.kind === 'replayed') {
      const { kind: _, ...replayed } = answer;
      tell({ replayed });
    } else if (answer.kind === 'curve') {
      tell({ faults: { ...curves.value?.faults, [answer.policy]: answer.faults } });
    } else {
      tell({ isDone: true, ...(answer.kind === 'failed' && { message: answer.message }) });
    }
  });
}

/** Gives the machine so many frames for data; the lines that had run run again. */
export function setDataFrames(frames: number): Promise<boolean> {
  return revise((now) => withDataFrames(now, frames));
}
