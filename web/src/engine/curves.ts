// Has a trace replayed under replacement policies, in a worker that lives as long as that takes.

import type { CurvesAnswer, CurvesOrder } from './curves-messages.ts';
import workerAddress from './curves-worker.ts?worker&url';
import { trustedAddress } from './trusted.ts';

/** Replays a trace, and hands on what the worker tells. The signal ends it. */
export function replayTrace(
  order: CurvesOrder,
  signal: AbortSignal,
  onAnswer: (answer: CurvesAnswer) => void,
): void {
  const worker = new Worker(trustedAddress(workerAddress), { type: 'module', name: 'curves' });
  signal.addEventListener('abort', () => worker.terminate());
  worker.onerror = ({ message }) => {
    onAnswer({ kind: 'failed', message: message || 'the worker that replays did not start' });
    worker.terminate();
  };
  worker.onmessage = ({ data }: MessageEvent<CurvesAnswer>) => {
    if (signal.aborted) return;
    onAnswer(data);
    if (data.kind === 'done' || data.kind === 'failed') worker.terminate();
  };
  worker.postMessage(order);
}
