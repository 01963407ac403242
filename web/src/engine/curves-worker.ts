// Replays a trace under replacement policies, one after the other, in a worker of its own.

import type { References } from '../../pkg-traces/faultline_traces.js';
import { curveSizes } from './curve-sizes.ts';
import type { CurvesAnswer, CurvesOrder } from './curves-messages.ts';
import { readReferences } from './traces-module.ts';

const tell = (answer: CurvesAnswer) => postMessage(answer);

let trace: References | undefined;
let sizes: number[] = [];

async function answer(order: CurvesOrder): Promise<void> {
  if (order.kind === 'count') {
    const faults = trace?.faults(order.policy, Uint32Array.from(sizes)) ?? [];
    return tell({ kind: 'curve', policy: order.policy, faults: [...faults] });
  }
  trace = await readReferences(order.file, tell);
  const pages = trace.pages();
  sizes = curveSizes(pages, order.sizes, order.also);
  tell({ kind: 'replayed', references: trace.references(), pages, sizes });
}

addEventListener('message', async ({ data }: MessageEvent<CurvesOrder>) => {
  try {
    await answer(data);
  } catch (error) {
    tell({ kind: 'failed', message: `${error}` });
  }
});
