// Runs a program in one process, in two, and so on, each time on a machine of its own, in a worker.

import type { Crowds } from '../../pkg-bugs/faultline_teaching.js';
import type { Problem } from '../generated/types.d.ts';
import { untilBuilt } from './awaited.ts';
import { FOLDERS } from './module.ts';
import type { CrowdsAnswer, CrowdsOrder } from './thrashing-messages.ts';

const tell = (answer: CrowdsAnswer) => postMessage(answer);

let crowds: Crowds | undefined;
let isStopped = false;

/** Lets orders come in between two machines. */
const breathe = () => new Promise((resolve) => setTimeout(resolve));

async function load() {
  if (import.meta.env.DEV) {
    await untilBuilt(FOLDERS.teaching, () => tell({ kind: 'awaits', isAwaited: true }));
    tell({ kind: 'awaits', isAwaited: false });
  }
  const engine = await import('../../pkg-bugs/faultline_teaching.js');
  await engine.default();
  return engine;
}

async function measure(order: Extract<CrowdsOrder, { kind: 'measure' }>): Promise<void> {
  const { Crowds } = await load();
  crowds = new Crowds(order.text, order.traces, order.most, order.frames);
  const [frames, pages, accesses] = [crowds.frames(), crowds.pages(), crowds.accessesOfEach()];
  tell({ kind: 'crowd', crowd: { frames, pages, accesses } });
  for (let processes = 1; processes <= order.most && !isStopped; processes++) {
    const load = crowds.measure(processes);
    tell({ kind: 'load', load, knee: crowds.knee() });
    await breathe();
  }
  tell({ kind: 'done' });
}

function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'legal' in error && 'message' in error;
}

addEventListener('message', async ({ data: order }: MessageEvent<CrowdsOrder>) => {
  try {
    if (order.kind === 'measure') await measure(order);
    else if (order.kind === 'stop') isStopped = true;
    else if (crowds !== undefined) {
      tell({ kind: 'scenario', text: crowds.scenario(order.processes) });
    }
  } catch (error) {
    const message = isProblem(error) ? `${error.message}; legal: ${error.legal}` : `${error}`;
    tell({ kind: 'failed', message });
  }
});
