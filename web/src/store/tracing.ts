// The run as a timeline for Perfetto, saved as a file. A machine of its own runs the scenario once more, in a worker
// that nobody looks at: the one on the page stays where it stands.

import { signal } from '@preact/signals';
import { canShare, Laboratory } from '../engine/client.ts';
import { download, fileName } from '../share/file.ts';
import { scriptOf, textOf } from './script.ts';
import { scenario } from './session.ts';
import { tracesFor } from './traces.ts';
import type { Scenario } from './types.ts';

export type Tracing =
  | {
      readonly kind: 'running';
      readonly line: number;
      readonly lines: number;
      readonly bytes: number;
    }
  | { readonly kind: 'failed'; readonly message: string };

/** What is being written, or why it could not be. */
export const tracing = signal<Tracing | undefined>(undefined);

let under: AbortController | undefined;

/** Runs the whole scenario, writes it and hands it to the visitor. */
export async function saveTrace(): Promise<void> {
  cancelTrace();
  const mine = new AbortController();
  under = mine;
  const title = scenario.value.title ?? '';
  try {
    const file = await traceOf(scenario.value, mine.signal);
    if (mine.signal.aborted) return;
    tracing.value = undefined;
    download(fileName(title, 'trace.json'), file);
  } catch (error) {
    if (mine.signal.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    tracing.value = { kind: 'failed', message };
  }
}

export function cancelTrace(): void {
  under?.abort();
  tracing.value = undefined;
}

async function traceOf(wanted: Scenario, signal: AbortSignal): Promise<Blob> {
  const script = scriptOf(wanted);
  let [line, bytes] = [0, 0];
  const tell = () => {
    if (!signal.aborted) tracing.value = { kind: 'running', line, lines: script.length, bytes };
  };
  tell();
  const isPossible = canShare || wanted.runtime?.kind !== 'threads';
  const text = textOf(isPossible ? wanted : { ...wanted, runtime: { kind: 'virtual' } });
  const traces = await tracesFor(text);
  signal.throwIfAborted();
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  const laboratory = await Laboratory.open(
    text,
    ({ worker, message }) => broken.reject(new Error(`${worker}: ${message}`)),
    {
      traces,
      observe: false,
      onTracing: (grown) => {
        bytes = grown;
        tell();
      },
    },
  );
  signal.addEventListener('abort', () => laboratory.close());
  try {
    signal.throwIfAborted();
    await laboratory.trace(wanted.title ?? '');
    for (const op of script) {
      await Promise.race([laboratory.apply(op), broken.promise]);
      line++;
      tell();
    }
    await laboratory.finish();
    return await laboratory.traced();
  } finally {
    laboratory.close();
  }
}
