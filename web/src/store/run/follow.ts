// Follows the run with the selection, until the visitor selects something: the process and the page of the latest fault of
// the line under way, and before its first fault what the line says itself.

import { effect, untracked } from '@preact/signals';
import { inOrder, type MachineEvent } from '../../engine/words.ts';
import { observed } from '../machine/observation.ts';
import { following, lookAt } from '../page/selection.ts';
import { scriptOf, touchedBy } from '../script/document.ts';
import { scenario } from './open-machine.ts';
import { known, playhead, playing } from './playhead.ts';

/** Records of each ring among which the latest fault is looked for. */
const RECORDS = 256;
/** In a run that is faster than an eye the selection goes on so seldom, in milliseconds. */
const SELDOM_MS = 200;

/** The latest fault that began at this time or later. */
function latestFault(since: number): MachineEvent | undefined {
  const machine = observed.machine.value;
  if (machine === undefined) return undefined;
  const kinds = new Set([machine.layout.event_kinds.indexOf('fault-begin')]);
  const faults = Array.from({ length: machine.rows }, (_, ring) =>
    machine.latestEvents(ring, RECORDS, kinds),
  );
  return faults
    .flat()
    .filter(({ time }) => time >= since)
    .sort(inOrder)
    .at(-1);
}

function nameOf(index: number | null): string | undefined {
  return observed.processes.value.find((row) => row.index === index)?.name;
}

/** Looks at what is under way in this line, or at what it touched if it is over. */
function lookAtLine(line: number, isUnderWay: boolean): void {
  const op = scriptOf(scenario.value)[line];
  const began = line === 0 ? 0 : (known.lines()[line - 1]?.end?.time_ns ?? 0);
  const fault = isUnderWay ? latestFault(began) : undefined;
  const process = fault && nameOf(fault.process);
  if (fault !== undefined && process !== undefined) lookAt({ process, page: fault.number });
  else if (op !== undefined && op.op !== 'spawn') lookAt(touchedBy(op));
}

/** Keeps what is under way selected from now on; called once. */
export function followRun(): void {
  let last = Number.NEGATIVE_INFINITY;
  let lastLine = -1;
  effect(() => {
    const { line: done, under_way } = playhead.value;
    // Between two lines it is still at the one that was done last.
    const line = under_way ? done : done - 1;
    if (!following.value || line < 0) return;
    const now = performance.now();
    if (playing.value && line === lastLine && now - last < SELDOM_MS) return;
    [last, lastLine] = [now, line];
    untracked(() => lookAtLine(line, under_way));
  });
}
