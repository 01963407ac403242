// Lists the machines that a visitor can start from: those of scenarios that come with the page.

import type { Scenario } from '../../generated/types.d.ts';
import { scenarioNamed } from './catalogue.ts';
import { ladder, scenarioOf } from './ladder.ts';

interface MachinePreset {
  readonly name: string;
  readonly scenario: Scenario;
}

const NAMES = [
  'classroom',
  'silberschatz',
  'notes-machine',
  'first-attempt',
  'thrashing',
  'fork-storm',
];

function* found(): Generator<MachinePreset> {
  for (const name of NAMES) yield { name, scenario: scenarioNamed(name) };
  const [rung] = ladder;
  if (rung !== undefined) yield { name: 'base', scenario: scenarioOf(rung, rung.sides[1]) };
}

export const machinePresets: readonly MachinePreset[] = [...found()];
