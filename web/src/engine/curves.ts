// Has a trace replayed under replacement policies, in workers that live as long as that takes.

import { noteAwaited } from './awaited-modules.ts';
import type { CurvesAnswer, CurvesOrder, CurvesWish } from './curves-messages.ts';
import workerAddress from './curves-worker.ts?worker&url';
import type { AwaitsTraces } from './traces-module.ts';
import { trustedAddress } from './trusted.ts';

/** A file of so many bytes takes long enough to count that each worker may read it for itself. */
const LONG = 1 << 20;
/** Each worker has a copy of the trace. */
const MOST_WORKERS = 4;

const workersFor = ({ file, policies }: CurvesWish) =>
  file.size < LONG ? 1 : Math.min(navigator.hardwareConcurrency, MOST_WORKERS, policies.length);

/**
 * Replays a trace, and hands on what workers tell: how the trace was read, a curve for each policy as it comes, and the
 * end. The signal ends it.
 */
export function replayTrace(
  wish: CurvesWish,
  signal: AbortSignal,
  onAnswer: (answer: Exclude<CurvesAnswer, AwaitsTraces> | { readonly kind: 'done' }) => void,
): void {
  const { policies, ...trace } = wish;
  const left = [...policies];
  const workers = new Set<Worker>();
  let isRead = false;
  const order = (worker: Worker, told: CurvesOrder) => worker.postMessage(told);
  const release = (worker: Worker) => {
    worker.terminate();
    workers.delete(worker);
    if (import.meta.env.DEV) noteAwaited(worker, undefined);
  };
  const end = () => [...workers].forEach(release);
  const fail = (message: string) => {
    end();
    onAnswer({ kind: 'failed', message });
  };
  signal.addEventListener('abort', end);
  for (let started = workersFor(wish); started > 0; started--) {
    const worker = new Worker(trustedAddress(workerAddress), { type: 'module', name: 'curves' });
    workers.add(worker);
    worker.onerror = ({ message }) => fail(message || 'the worker that replays did not start');
    worker.onmessage = ({ data }: MessageEvent<CurvesAnswer>) => {
      if (signal.aborted) return;
      if (data.kind === 'awaits') return noteAwaited(worker, data.isAwaited ? 'traces' : undefined);
      if (data.kind === 'failed') return fail(data.message);
      // All of them have read the same.
      if (data.kind === 'curve' || !isRead) onAnswer(data);
      isRead = true;
      const policy = left.shift();
      if (policy !== undefined) return order(worker, { kind: 'count', policy });
      release(worker);
      if (workers.size === 0) onAnswer({ kind: 'done' });
    };
    order(worker, { kind: 'read', ...trace });
  }
}
