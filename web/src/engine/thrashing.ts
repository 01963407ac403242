// Has a program run in more and more processes, in a worker that lives until the signal ends it.

import { noteAwaited } from './awaited-modules.ts';
import type { CrowdsAnswer, CrowdsOrder } from './thrashing-messages.ts';
import workerAddress from './thrashing-worker.ts?worker&url';
import { trustedAddress } from './trusted.ts';

type Told = Exclude<CrowdsAnswer, { kind: 'awaits' } | { kind: 'scenario' }>;

/** What can be asked of a measurement that has begun. */
export interface Measurement {
  /** Ends it after the machine that is under way. */
  readonly stop: () => void;
  /** Gives the scenario with so many processes. */
  readonly scenarioOf: (processes: number) => Promise<string>;
}

/** Begins, and hands on what the worker tells. */
export function measureCrowds(
  order: Omit<Extract<CrowdsOrder, { kind: 'measure' }>, 'kind'>,
  signal: AbortSignal,
  onAnswer: (answer: Told) => void,
): Measurement {
  const worker = new Worker(trustedAddress(workerAddress), { type: 'module', name: 'thrashing' });
  const post = (message: CrowdsOrder) => worker.postMessage(message);
  let waiting: PromiseWithResolvers<string> | undefined;
  const end = () => {
    worker.terminate();
    if (import.meta.env.DEV) noteAwaited(worker, undefined);
  };
  signal.addEventListener('abort', end);
  worker.onerror = ({ message }) => {
    onAnswer({ kind: 'failed', message: message || 'the worker that measures did not start' });
    end();
  };
  worker.onmessage = ({ data }: MessageEvent<CrowdsAnswer>) => {
    if (signal.aborted) return;
    if (data.kind === 'awaits') noteAwaited(worker, data.isAwaited ? 'teaching' : undefined);
    else if (data.kind === 'scenario') waiting?.resolve(data.text);
    else onAnswer(data);
  };
  post({ kind: 'measure', ...order });
  return {
    stop: () => post({ kind: 'stop' }),
    scenarioOf: (processes) => {
      waiting = Promise.withResolvers<string>();
      post({ kind: 'scenario', processes });
      return waiting.promise;
    },
  };
}
