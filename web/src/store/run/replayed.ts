// Finds what the scenario replays: the first run whose references are known before it runs.

import { computed } from '@preact/signals';
import type { Op } from '../../generated/types.d.ts';
import { attachedTraces } from '../library/attached-traces.ts';
import { shippedTrace } from '../library/shipped-traces.ts';
import { everyLine, scriptOf } from '../script/document.ts';
import { scenario } from './open-machine.ts';

type Run = Extract<Op, { op: 'run' }>;

export const replayable = computed<Run | undefined>(() => {
  for (const op of everyLine(scriptOf(scenario.value))) {
    if (op.op !== 'run' || typeof op.pattern !== 'object') continue;
    if ('trace' in op.pattern || 'pages' in op.pattern) return op;
  }
  return undefined;
});

/** The trace's name, or that of the process that runs a reference string. */
export function nameOf({ pattern, process }: Run): string {
  return typeof pattern === 'object' && 'trace' in pattern ? pattern.trace : process;
}

/** Returns a file of the references in the project's own format, if they are there. */
export async function fileOfRun({ pattern }: Run): Promise<Blob | undefined> {
  if (typeof pattern !== 'object') return undefined;
  if ('pages' in pattern) return new Blob([`${pattern.pages.join('\n')}\n`]);
  if (!('trace' in pattern)) return undefined;
  const shipped = await shippedTrace(pattern.trace);
  return shipped === undefined ? attachedTraces.fileOf(pattern.trace) : new Blob([shipped]);
}
