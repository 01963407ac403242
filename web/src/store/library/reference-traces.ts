// Finds the reference traces that a scenario replays: those that come with the page, and those that the visitor attached.

import { computed } from '@preact/signals';
import { traceNames } from '../../engine/client.ts';
import { attachedTraces } from './attached-traces.ts';
import { shippedTrace, shippedTraces } from './shipped-traces.ts';

/** The names of the traces that there are. */
export const knownTraces = computed<readonly string[]>(() => [
  ...attachedTraces.list.value.map(({ name }) => name),
  ...shippedTraces,
]);

/** The texts of the traces that a scenario replays, by name. One that is not there is left out. */
export async function tracesFor(text: string): Promise<Record<string, string>> {
  const traces: Record<string, string> = {};
  for (const name of await traceNames(text)) {
    const found = (await shippedTrace(name)) ?? (await attachedTraces.textOf(name));
    if (found !== undefined) traces[name] = found;
  }
  return traces;
}
