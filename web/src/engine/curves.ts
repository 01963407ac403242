// Has a trace replayed under replacement policies, in a worker that lives as long as that takes.

import { noteAwaited } from './awaited-modules.ts';
import type { CurvesAnswer, CurvesOrder } from './curves-messages.ts';
import workerAddress from './curves-worker.ts?worker&url';
import type { AwaitsTraces } from './traces-module.ts';
import { trustedAddress } from './trusted.ts';

/** Replays a trace, and hands on what the worker tells. The signal ends it. */
export function replayTrace(
  order: CurvesOrder,
  signal: AbortSignal,
  onAnswer: (answer: Exclude<CurvesAnswer, AwaitsTraces>) => void,
): void {
  const worker = new Worker(trustedAddress(workerAddress), { type: 'module', name: 'curves' });
  const end = () => {
    worker.terminate();
    if (import.meta.env.DEV) noteAwaited(worker, undefined);
  };
  signal.addEventListener('abort', end);
  worker.onerror = ({ message }) => {
    onAnswer({ kind: 'failed', message: message || 'the worker that replays did not start' });
    end();
  };
  worker.onmessage = ({ data }: MessageEvent<CurvesAnswer>) => {
    if (signal.aborted) return;
    if (data.kind === 'awaits') return noteAwaited(worker, data.isAwaited ? 'traces' : undefined);
    onAnswer(data);
    if (data.kind === 'done' || data.kind === 'failed') end();
  };
  worker.postMessage(order);
}
