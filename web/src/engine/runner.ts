// Runs a scenario for `npm run scenario`, through the same client as the page.

import { check, Laboratory, type Op, type Problem, type Report } from './client.ts';
import type { Traces } from './messages.ts';

export interface Outcome {
  report?: Report;
  problem?: Problem;
}

async function runScenario(text: string, traces: Traces = {}): Promise<Outcome> {
  const problem = await check(text);
  if (problem !== null) return { problem };
  const broken = Promise.withResolvers<never>();
  const laboratory = await Laboratory.open(text, broken.reject, traces);
  try {
    const script: Op[] = JSON.parse(text).script ?? [];
    for (const op of script) await Promise.race([laboratory.apply(op), broken.promise]);
    return { report: await laboratory.finish() };
  } finally {
    laboratory.close();
  }
}

const runner = { check, runScenario };

declare global {
  /** What the command line calls. */
  var faultlineRunner: typeof runner;
}

globalThis.faultlineRunner = runner;
