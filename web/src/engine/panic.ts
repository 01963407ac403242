// Reports to the page that a worker broke. A Rust panic comes first with its message and place, then as a trap without
// either; one report is enough.

import type { Panic } from './messages.ts';

declare global {
  /** The engine's panic hook calls this, in whichever worker panicked. */
  var faultlineReportPanic: ((message: string, task?: number) => void) | undefined;
}

let reported = false;
let lineUnderWay: () => number | undefined = () => undefined;

/** How a report learns the line of the script; it may ask nothing of the engine, which is in the midst of a call. */
export function reportLine(line: () => number | undefined): void {
  lineUnderWay = line;
}

function reportPanic(message: string, task?: number): void {
  if (reported) return;
  reported = true;
  const panic: Panic = { kind: 'panic', message, task, line: lineUnderWay() };
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
