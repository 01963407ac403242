// Has a trace read by the reader in Rust, in a worker that lives as long as that takes.

import { noteAwaited } from './awaited-modules.ts';
import type { TraceAnswer, TraceFound, TraceOrder, TraceWish } from './trace-messages.ts';
import workerAddress from './trace-worker.ts?worker&url';
import { trustedAddress } from './trusted.ts';

/** A file that is no trace, or one past the reader's limits: the message is a sentence. */
export class RefusedTrace extends Error {
  override readonly name = 'RefusedTrace';
}

export interface ReadTrace {
  readonly found: TraceFound;
  /** Its references in the project's own format: all of them if there was room. */
  readonly text: Blob;
}

/** Hears how many bytes of the file are read, and how many references were in them. */
type OnProgress = (bytes: number, references: number) => void;

/** Reads a trace. Throws `RefusedTrace`; and the signal's reason if it ends the reading. */
export function readTrace(
  file: Blob,
  wish: TraceWish,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<ReadTrace> {
  signal.throwIfAborted();
  const worker = new Worker(trustedAddress(workerAddress), { type: 'module', name: 'traces' });
  const reading = new Promise<ReadTrace>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    worker.onerror = ({ message }) =>
      reject(new RefusedTrace(message || 'the worker that reads traces did not start'));
    worker.onmessage = ({ data }: MessageEvent<TraceAnswer>) => {
      if (data.kind === 'awaits') noteAwaited(worker, data.isAwaited ? 'traces' : undefined);
      else if (data.kind === 'progress') onProgress(data.bytes, data.references);
      else if (data.kind === 'read') resolve(data);
      else reject(new RefusedTrace(data.message));
    };
  });
  const order: TraceOrder = { file, wish };
  worker.postMessage(order);
  return reading.finally(() => {
    worker.terminate();
    if (import.meta.env.DEV) noteAwaited(worker, undefined);
  });
}
