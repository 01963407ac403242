// Counts what pictures of a trace show, in a worker of its own, which keeps the trace for the next part that is asked for.

import type { References } from '../../pkg-traces/faultline_traces.js';
import type { PicturesAnswer, PicturesOrder } from './pictures-messages.ts';
import { readReferences } from './traces-module.ts';

/** The parts of a trace that the windows of its working set are, as on the command line. */
const WINDOWS = [1000, 100, 10];

const tell = (answer: PicturesAnswer) => postMessage(answer);

let trace: References | undefined;

async function read(file: Blob, stretches: number): Promise<void> {
  trace = await readReferences(file, tell);
  const references = trace.references();
  tell({ kind: 'read', references, pages: trace.pages(), areas: trace.areas() });
  const windows = new Set(WINDOWS.map((part) => Math.max(1, Math.floor(references / part))));
  const sets = [...windows].map((window) => (trace as References).working_set(window, stretches));
  tell({ kind: 'sets', sets });
  tell({ kind: 'reuse', reuse: trace.reuse() });
}

async function answer(order: PicturesOrder): Promise<void> {
  if (order.kind === 'read') return read(order.file, order.stretches);
  const { part, grain } = order;
  if (trace === undefined) return;
  tell({ kind: 'heat', heat: trace.heat(part, grain.columns, grain.rows, grain.stretches) });
}

addEventListener('message', async ({ data }: MessageEvent<PicturesOrder>) => {
  try {
    await answer(data);
  } catch (error) {
    tell({ kind: 'failed', message: `${error}` });
  }
});
