// Runs one thread of the machine in a worker: a CPU or a daemon.

import type { ThreadOrder, ThreadReport } from './messages.ts';
import { type Engine, loadEngine, withSwapFile } from './module.ts';
import { reporting } from './panic.ts';
import { openSwapFile } from './swap-file.ts';

/** The engine's own code is shallow, but a debug build is not. */
const stackBytes = 1024 * 1024;

let place: { engine: Engine; pointer: number; index: number } | undefined;

const tell = (report: ThreadReport) => postMessage(report);

addEventListener('message', ({ data: order }: MessageEvent<ThreadOrder>) =>
  reporting(async () => {
    if (order.kind === 'become') {
      const { module, memory, pointer, index } = order;
      const engine = await loadEngine(order.build);
      engine.initSync({ module, memory, thread_stack_size: stackBytes });
      if (order.swapFile !== undefined) {
        withSwapFile(engine)?.useSwapFile(await openSwapFile(order.swapFile));
      }
      place = { engine, pointer, index };
      tell({ kind: 'ready' });
    } else if (place !== undefined) {
      // Blocks until the machine is closed; no message reaches this worker meanwhile.
      place.engine.workerEnter(place.pointer, place.index);
      tell({ kind: 'left' });
    }
  }),
);
