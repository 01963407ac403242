// Puts a machine made by hand where the page looks for its own: what panels read is real, and no engine is behind it.

import { forget, nameProcesses, observe, observed } from '../src/store/machine/observation.ts';
import { lookAt, lookNowhere } from '../src/store/page/selection.ts';
import { problem, scenario, status } from '../src/store/run/open-machine.ts';
import { known, playing } from '../src/store/run/playhead.ts';
import { EMPTY } from '../src/store/script/document.ts';
import type { SyntheticMachine } from './synthetic-machine.ts';

/** The page as it is before anything was opened. */
export function closePage(): void {
  forget();
  lookNowhere();
  known.clear();
  playing.value = false;
  problem.value = undefined;
  scenario.value = EMPTY;
  status.value = { kind: 'closed' };
}

/** The page with this machine, whose processes have these names, the first of them selected. */
export function openPageWith(machine: SyntheticMachine, ...names: readonly string[]): void {
  observe(machine.views());
  nameProcesses(names.map((name, index) => ({ name, index })));
  const [first] = names;
  if (first !== undefined) lookAt({ process: first });
  status.value = { kind: 'ready' };
  observed.readNow();
}
