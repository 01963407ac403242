// Reads one trace in a worker of its own, piece by piece, so that no memory holds the file.

import type { TraceAnswer, TraceOrder } from './trace-messages.ts';
import { loadTraces } from './traces-module.ts';

/** How much of the file is read at one time. */
const PIECE = 1 << 20;
/** How often the page hears how far it is. */
const PROGRESS_MS = 100;

const tell = (answer: TraceAnswer) => postMessage(answer);

async function read({ file, wish }: TraceOrder): Promise<TraceAnswer> {
  const { TraceReader } = await loadTraces(tell);
  const reader = new TraceReader(wish);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let told = performance.now();
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = await file.slice(at, at + PIECE).arrayBuffer();
    parts.push(own(reader.push(new Uint8Array(piece))));
    if (performance.now() - told < PROGRESS_MS) continue;
    told = performance.now();
    const bytes = Math.min(file.size, at + PIECE);
    tell({ kind: 'progress', bytes, references: reader.references() });
  }
  const found = reader.finish();
  parts.push(own(reader.rest()));
  return { kind: 'read', found, text: new Blob(parts, { type: 'text/plain' }) };
}

/** The bytes are copied out of the module's memory, which is shared, before they come here. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}

addEventListener('message', async ({ data }: MessageEvent<TraceOrder>) => {
  try {
    tell(await read(data));
  } catch (error) {
    // The reader throws sentences; all else is the browser's: a file that is gone, or a panic.
    const message = typeof error === 'string' ? error : `${error}`;
    tell({ kind: 'refused', message });
  }
});
