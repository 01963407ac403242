// Has the scenario's program run in more and more processes on one memory, and finds where useful work begins to fall.

import { signal } from '@preact/signals';
import { type Measurement, measureCrowds } from '../../engine/thrashing.ts';
import type { Crowd, Knee, Load } from '../../engine/thrashing-messages.ts';
import type { Scenario } from '../../generated/types.d.ts';
import { tracesFor } from '../library/reference-traces.ts';
import { everyLine, scriptOf, textOf } from '../script/document.ts';
import { LatestTask } from './latest-task.ts';
import { scenario } from './open-machine.ts';

export interface Thrashing {
  /** The title of the scenario; none where it runs no program, and another one is run. */
  readonly name: string | undefined;
  /** How many processes there are at most. */
  readonly most: number;
  readonly crowd?: Crowd;
  readonly loads: readonly Load[];
  readonly knee?: Knee | undefined;
  readonly isDone: boolean;
  readonly message?: string;
}

export const thrashing = signal<Thrashing | undefined>(undefined);

/** How many processes there are, where nobody says another number. */
export const USUAL_PROCESSES = 20;

const task = new LatestTask();
let measurement: Measurement | undefined;

export function endThrashing(): void {
  task.end();
  measurement = undefined;
  thrashing.value = undefined;
}

/** Measures no more, and keeps what was measured. */
export function stopThrashing(): void {
  measurement?.stop();
}

/** Measures 1 to `most` processes; without a number of frames there are as many as four need for all their pages, or more. */
export async function measureThrashing(most: number, frames?: number): Promise<void> {
  const signal = task.begin();
  const now = scenario.value;
  const hasProgram = [...everyLine(scriptOf(now))].some(({ op }) => op === 'run');
  const text = hasProgram ? textOf(now) : undefined;
  thrashing.value = { name: hasProgram ? now.title : undefined, most, loads: [], isDone: false };
  const tell = (change: Partial<Thrashing>) => {
    if (!signal.aborted && thrashing.value !== undefined)
      thrashing.value = { ...thrashing.value, ...change };
  };
  const traces = text === undefined ? {} : await tracesFor(text);
  if (signal.aborted) return;
  measurement = measureCrowds({ text, traces, most, frames }, signal, (answer) => {
    if (answer.kind === 'crowd') {
      tell({ crowd: answer.crowd });
    } else if (answer.kind === 'load') {
      const { load, knee } = answer;
      tell({ loads: [...(thrashing.value?.loads ?? []), load], knee });
    } else {
      tell({ isDone: true, ...(answer.kind === 'failed' && { message: answer.message }) });
    }
  });
}

/** The scenario with so many processes. */
export async function crowdOf(processes: number): Promise<Scenario | undefined> {
  const text = await measurement?.scenarioOf(processes);
  return text === undefined ? undefined : JSON.parse(text);
}
