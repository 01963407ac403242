// Runs a whole scenario on a machine of its own, which is not shown.

import type { Report, Scenario } from '../generated/types.d.ts';
import { Laboratory, type Traces } from './client.ts';
import { canShare } from './sharing.ts';

interface WholeRun {
  readonly report: Report;
  /** The run as a timeline for Perfetto, if it was asked for. */
  readonly timeline: Blob | undefined;
}

interface WholeRunOptions {
  readonly traces: Traces;
  readonly isTraced?: boolean;
  /** Ends the run. */
  readonly signal?: AbortSignal;
  /** Hears how many lines are done, and how many bytes a timeline has. */
  readonly onProgress?: (lines: number, bytes: number) => void;
}

/** A scenario as it can run here: without shared memory, threads are virtual CPUs. */
export function runnable(wanted: Scenario): Scenario {
  if (canShare || wanted.runtime?.kind !== 'threads') return wanted;
  return { ...wanted, runtime: { kind: 'virtual' } };
}

/** Runs a scenario that was checked, from its text. */
export async function runWhole(
  text: string,
  { traces, isTraced = false, signal, onProgress = () => undefined }: WholeRunOptions,
): Promise<WholeRun> {
  const { script = [], title = '' }: Scenario = JSON.parse(text);
  let [lines, bytes] = [0, 0];
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => undefined);
  signal?.throwIfAborted();
  signal?.addEventListener('abort', () => ended.reject(signal?.reason));
  const laboratory = await Laboratory.open(
    text,
    ({ worker, message }) => ended.reject(new Error(`${worker}: ${message}`)),
    {
      traces,
      observe: false,
      onTracing: (grown) => {
        bytes = grown;
        onProgress(lines, bytes);
      },
    },
  );
  const unlessEnded = <Result>(work: Promise<Result>) => Promise.race([work, ended.promise]);
  try {
    if (isTraced) await unlessEnded(laboratory.trace(title));
    for (const op of script) {
      await unlessEnded(laboratory.apply(op));
      lines++;
      onProgress(lines, bytes);
    }
    const report = await unlessEnded(laboratory.finish());
    const timeline = isTraced ? await unlessEnded(laboratory.traced()) : undefined;
    return { report, timeline };
  } finally {
    laboratory.close();
  }
}
