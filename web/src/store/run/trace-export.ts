// Saves the run as a timeline for Perfetto. A machine of its own runs the scenario once more, in a worker that is not
// shown: the one on the page stays where it stands.

import { signal } from '@preact/signals';
import { runnable, runWhole } from '../../engine/whole-run.ts';
import { download, fileName } from '../../share/file.ts';
import { tracesFor } from '../library/reference-traces.ts';
import { scriptOf, textOf } from '../script/document.ts';
import { LatestTask } from './latest-task.ts';
import { scenario } from './open-machine.ts';

type Tracing =
  | {
      readonly kind: 'running';
      readonly line: number;
      readonly lines: number;
      readonly bytes: number;
    }
  | { readonly kind: 'failed'; readonly message: string };

/** What is being written, or why it could not be. */
export const tracing = signal<Tracing | undefined>(undefined);

const task = new LatestTask();

/** Runs the whole scenario, writes it and hands it to the visitor. */
export async function saveTrace(): Promise<void> {
  const signal = task.begin();
  const wanted = runnable(scenario.value);
  const lines = scriptOf(wanted).length;
  const onProgress = (line: number, bytes: number) => {
    if (!signal.aborted) tracing.value = { kind: 'running', line, lines, bytes };
  };
  onProgress(0, 0);
  try {
    const traces = await tracesFor(textOf(wanted));
    const { timeline } = await runWhole(textOf(wanted), {
      traces,
      isTraced: true,
      signal,
      onProgress,
    });
    tracing.value = undefined;
    if (timeline !== undefined) download(fileName(wanted.title, 'trace.json'), timeline);
  } catch (error) {
    if (signal.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    tracing.value = { kind: 'failed', message };
  }
}

export function cancelTrace(): void {
  task.end();
  tracing.value = undefined;
}
