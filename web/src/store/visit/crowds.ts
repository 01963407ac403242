// Opens the machine that runs the program in so many processes at the same time.

import { closeDialog } from '../page/open-dialog.ts';
import { crowdOf } from '../run/thrashing.ts';
import { openMade } from './traces.ts';

export async function openCrowd(processes: number): Promise<void> {
  const scenario = await crowdOf(processes);
  if (scenario === undefined) return;
  closeDialog();
  await openMade(scenario, processes);
}
