// Says how many frames of a scenario's machine are left for data, and gives it another number of them. Pure.

import type { Op, Scenario } from '../../generated/types.d.ts';
import { deedOf, everyLine, scriptOf } from './document.ts';
import { isSameJson } from './same-json.ts';

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

/** Ops by which a script has more page tables, or fewer. They take no frame for data. */
const OF_TABLES: readonly Op['op'][] = ['spawn', 'fork', 'map', 'unmap', 'kill'];

function linesOfTables(scenario: Scenario): readonly Op[] {
  return scriptOf(scenario)
    .filter((line) => [...everyLine([line])].some(({ op }) => OF_TABLES.includes(op)))
    .map(deedOf);
}

/** Whether as many frames for data may come to another machine with the other script: it has other page tables. */
export function needsOtherFrames(one: Scenario, other: Scenario): boolean {
  return (
    other.machine?.data_frames !== undefined &&
    !isSameJson(linesOfTables(one), linesOfTables(other))
  );
}

/** Whether any of these lines may have taken a frame for data. */
export function takesData(lines: readonly Op[]): boolean {
  return lines.some(({ op }) => !OF_TABLES.includes(op));
}

/** The scenario with the frames that its machine has, instead of those that are left for data. */
export function withFramesSaid(scenario: Scenario, frames: number): Scenario {
  const { data_frames: _, ...machine } = scenario.machine ?? {};
  return { ...scenario, machine: { ...machine, frames } };
}
