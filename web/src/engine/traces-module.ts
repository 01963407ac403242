// Loads the reader of traces, for the workers that read a trace and that replay one.

import { untilBuilt } from './awaited.ts';

/** What a worker tells the page while the module is being built, and when it is there. */
export interface AwaitsTraces {
  readonly kind: 'awaits';
  readonly isAwaited: boolean;
}

export async function loadTraces(tell: (awaits: AwaitsTraces) => void) {
  if (import.meta.env.DEV) {
    await untilBuilt('pkg-traces', () => tell({ kind: 'awaits', isAwaited: true }));
    tell({ kind: 'awaits', isAwaited: false });
  }
  const traces = await import('../../pkg-traces/faultline_traces.js');
  await traces.default();
  return traces;
}

/** Reads the references of a trace in the project's own format. A message with a file has no copy of its bytes. */
export async function readReferences(file: Blob, tell: (awaits: AwaitsTraces) => void) {
  const { References } = await loadTraces(tell);
  return new References(new Uint8Array(await file.arrayBuffer()));
}
