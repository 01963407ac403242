// Runs a scenario for `npm run scenario`, through the same client as the page.

import type { Overrides } from '../../pkg-bugs/faultline_teaching.js';
import {
  check,
  Laboratory,
  overridden,
  printReport,
  runVirtual,
  ScenarioProblem,
  traceNames,
} from './client.ts';
import { runWhole } from './whole-run.ts';

/** What the command prints, and its exit status. */
interface Outcome {
  status: 0 | 1 | 2;
  stdout: string;
  stderr: string;
}

/** How a call wants its run told: the report as JSON, and the run as a timeline for Perfetto. */
interface Telling {
  json?: boolean;
  chromeTrace?: boolean;
}

async function run(
  text: string,
  traces: Record<string, string>,
  { json = false, chromeTrace = false }: Telling,
): Promise<Outcome> {
  const { report, timeline } = await runWhole(text, { traces, isTraced: chromeTrace });
  if (timeline !== undefined) await handOver(timeline);
  return { status: report.ok ? 0 : 1, stdout: await printReport(report, json), stderr: '' };
}

/** Passes the timeline to the command, of which no memory holds the whole at any time. */
async function handOver(file: Blob): Promise<void> {
  const parts = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await parts.read();
    if (done) break;
    await globalThis.faultlineTakeTrace(value);
  }
}

const wrong = (message: string): Outcome => ({ status: 2, stdout: '', stderr: `${message}\n` });

async function runScenario(
  text: string,
  overrides: Overrides,
  traces: Record<string, string>,
  telling: Telling,
): Promise<Outcome> {
  try {
    const problem = await check(text);
    if (problem !== null) throw new ScenarioProblem(problem);
    return await run(await overridden(text, overrides), traces, telling);
  } catch (error) {
    if (!(error instanceof ScenarioProblem)) throw error;
    const place = error.path === '' ? '' : `${error.path}: `;
    return wrong(`${place}${error.message}`);
  }
}

const runner = { check, runScenario, runVirtual, traceNames, Laboratory };

declare global {
  /** What the command line and the tests call. */
  var faultlineRunner: typeof runner;
  /** What the command line takes the parts of a timeline with. */
  var faultlineTakeTrace: (part: string) => Promise<void>;
}

globalThis.faultlineRunner = runner;
