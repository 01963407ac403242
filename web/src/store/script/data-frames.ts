// Says how many frames of a scenario's machine are left for data, and gives it another number of them. Pure.

import type { Scenario } from '../../generated/types.d.ts';
import { scriptOf } from './document.ts';

/** PTEs in a page table, and tables in a directory. */
const ENTRIES = 512;

/** The frames for data of a machine with so many frames: all but the zero page and the tables of the script's processes. */
export function dataFramesOf(scenario: Scenario, frames: number): number {
  const said = scenario.machine?.data_frames;
  if (said !== undefined) return said;
  const tables = scriptOf(scenario).map((op) =>
    op.op === 'spawn' ? 1 + Math.ceil(op.pages / ENTRIES) : 0,
  );
  return Math.max(1, frames - 1 - tables.reduce((sum, count) => sum + count, 0));
}

export function withDataFrames(scenario: Scenario, data_frames: number): Scenario {
  const { frames: _, ...machine } = scenario.machine ?? {};
  return { ...scenario, machine: { ...machine, data_frames } };
}
