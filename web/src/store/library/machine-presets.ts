// Lists the machines that a visitor can start from: those of scenarios that come with the page.

import { gallery } from './gallery.ts';
import { ladder, scenarioOf } from './ladder.ts';
import { type Preset, presets } from './presets.ts';

const NAMES = ['classroom', 'notes-machine', 'first-attempt', 'thrashing', 'fork-storm'];

function* found(): Generator<Preset> {
  for (const name of NAMES) {
    const preset = [...presets, ...gallery].find((each) => each.name === name);
    if (preset !== undefined) yield { name, scenario: preset.scenario };
  }
  const [rung] = ladder;
  if (rung !== undefined) yield { name: 'base', scenario: scenarioOf(rung, rung.sides[1]) };
}

export const machinePresets: readonly Preset[] = [...found()];
