// How a worker tells the page that it broke. A Rust panic comes first with its message and place, then
// as a trap without either; one report is enough.

import type { Panic } from './messages.ts';

declare global {
  /** The engine's panic hook calls this, in whichever worker panicked. */
  var faultlineReportPanic: ((message: string) => void) | undefined;
}

let reported = false;

export function reportPanic(message: string): void {
  if (reported) return;
  reported = true;
  const panic: Panic = { kind: 'panic', message };
  postMessage(panic);
}

/** Runs what may trap, and reports if it does. */
export async function reporting(body: () => unknown): Promise<void> {
  try {
    await body();
  } catch (error) {
    reportPanic(error instanceof Error ? error.message : String(error));
  }
}

globalThis.faultlineReportPanic = reportPanic;
