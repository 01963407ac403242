// Compares two machines: runs the same script and seed on both, each on virtual CPUs in a worker of its own.

import { signal } from '@preact/signals';
import { runWhole } from '../../engine/whole-run.ts';
import type { Report, Scenario } from '../../generated/types.d.ts';
import { tracesFor } from '../library/reference-traces.ts';
import { openDialog } from '../page/open-dialog.ts';
import { scriptOf, textOf } from '../script/document.ts';
import { changesBetween } from '../script/options.ts';
import { LatestTask } from './latest-task.ts';

export interface Comparison {
  readonly one: Scenario;
  readonly other: Scenario;
  /** How many lines each has done, of how many. */
  readonly lines: readonly [number, number];
  readonly total: number;
  readonly reports?: readonly [Report, Report];
  readonly problem?: string;
}

export const comparison = signal<Comparison | undefined>(undefined);
/** A machine that was being changed when the comparison began, to go on with. */
export const unfinished = signal<Scenario | undefined>(undefined);

const task = new LatestTask();

/** Threads are never twice the same: both sides run on virtual CPUs, with one seed. */
function comparable(scenario: Scenario): Scenario {
  return scenario.runtime?.kind === 'threads'
    ? { ...scenario, runtime: { kind: 'virtual' } }
    : scenario;
}

export function canCompare(one: Scenario, other: Scenario): boolean {
  return changesBetween(comparable(one), comparable(other)).length > 0;
}

/** Runs both, and shows them. */
export async function compare(asItIs: Scenario, changed: Scenario): Promise<void> {
  const signal = task.begin();
  const [one, other] = [comparable(asItIs), comparable(changed)];
  const lines: [number, number] = [0, 0];
  const total = scriptOf(one).length;
  const tell = (rest: Partial<Comparison> = {}) => {
    if (!signal.aborted) comparison.value = { one, other, lines: [...lines], total, ...rest };
  };
  tell();
  openDialog('compare');
  try {
    const traces = await tracesFor(textOf(one));
    const run = async (scenario: Scenario, side: 0 | 1) => {
      const onProgress = (done: number) => {
        lines[side] = done;
        tell();
      };
      return (await runWhole(textOf(scenario), { traces, signal, onProgress })).report;
    };
    tell({ reports: await Promise.all([run(one, 0), run(other, 1)]) });
  } catch (error) {
    // What another comparison has ended says nothing, and ends nothing.
    if (signal.aborted) return;
    tell({ problem: error instanceof Error ? error.message : String(error) });
    task.end();
  }
}

export function endComparison(): void {
  task.end();
  comparison.value = undefined;
}
