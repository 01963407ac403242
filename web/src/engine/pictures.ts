// Has what pictures of a trace show counted, in a worker that lives until the signal ends it.

import type { Grain, PicturesAnswer, PicturesOrder, TracePart } from './pictures-messages.ts';
import workerAddress from './pictures-worker.ts?worker&url';
import { trustedAddress } from './trusted.ts';

/** Asks for the references of a part, which an answer brings. */
export type AskHeat = (part: TracePart, grain: Grain) => void;

/** Reads a trace, and hands on what the worker tells of it. */
export function picture(
  text: string,
  stretches: number,
  signal: AbortSignal,
  onAnswer: (answer: PicturesAnswer) => void,
): AskHeat {
  const worker = new Worker(trustedAddress(workerAddress), { type: 'module', name: 'pictures' });
  const post = (order: PicturesOrder) => worker.postMessage(order);
  signal.addEventListener('abort', () => worker.terminate());
  worker.onerror = ({ message }) => {
    onAnswer({ kind: 'failed', message: message || 'the worker that counts did not start' });
    worker.terminate();
  };
  worker.onmessage = ({ data }: MessageEvent<PicturesAnswer>) => {
    if (!signal.aborted) onAnswer(data);
  };
  post({ kind: 'read', text, stretches });
  return (part, grain) => {
    if (!signal.aborted) post({ kind: 'heat', part, grain });
  };
}
