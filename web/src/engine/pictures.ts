// Has what pictures of a trace show counted, in a worker that lives until the signal ends it.

import { noteAwaited } from './awaited-modules.ts';
import type { Grain, PicturesAnswer, PicturesOrder, TracePart } from './pictures-messages.ts';
import workerAddress from './pictures-worker.ts?worker&url';
import type { AwaitsTraces } from './traces-module.ts';
import { trustedAddress } from './trusted.ts';

/** Asks for the references of a part, which an answer brings. */
export type AskHeat = (part: TracePart, grain: Grain) => void;

/** Reads a trace, and hands on what the worker tells of it. */
export function picture(
  file: Blob,
  stretches: number,
  signal: AbortSignal,
  onAnswer: (answer: Exclude<PicturesAnswer, AwaitsTraces>) => void,
): AskHeat {
  const worker = new Worker(trustedAddress(workerAddress), { type: 'module', name: 'pictures' });
  const post = (order: PicturesOrder) => worker.postMessage(order);
  const end = () => {
    worker.terminate();
    if (import.meta.env.DEV) noteAwaited(worker, undefined);
  };
  signal.addEventListener('abort', end);
  worker.onerror = ({ message }) => {
    onAnswer({ kind: 'failed', message: message || 'the worker that counts did not start' });
    end();
  };
  worker.onmessage = ({ data }: MessageEvent<PicturesAnswer>) => {
    if (signal.aborted) return;
    if (data.kind === 'awaits') noteAwaited(worker, data.isAwaited ? 'traces' : undefined);
    else onAnswer(data);
  };
  post({ kind: 'read', file, stretches });
  return (part, grain) => {
    if (!signal.aborted) post({ kind: 'heat', part, grain });
  };
}
