// Replays a trace under replacement policies, in a worker of its own.

import { curveSizes } from './curve-sizes.ts';
import type { CurvesAnswer, CurvesOrder } from './curves-messages.ts';
import { loadTraces } from './traces-module.ts';

const tell = (answer: CurvesAnswer) => postMessage(answer);

async function replay({ text, policies, sizes: count, also }: CurvesOrder): Promise<void> {
  const { References } = await loadTraces(tell);
  const trace = new References(new TextEncoder().encode(text));
  const pages = trace.pages();
  const sizes = curveSizes(pages, count, also);
  tell({ kind: 'replayed', references: trace.references(), pages, sizes });
  for (const policy of policies) {
    const faults = [...trace.faults(policy, Uint32Array.from(sizes))];
    tell({ kind: 'curve', policy, faults });
  }
  tell({ kind: 'done' });
}

addEventListener('message', async ({ data }: MessageEvent<CurvesOrder>) => {
  try {
    await replay(data);
  } catch (error) {
    tell({ kind: 'failed', message: `${error}` });
  }
});
