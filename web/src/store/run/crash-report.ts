// Writes the report of a crash, with all that is needed to reproduce it: the worker, the message with its place, the
// line, and the scenario with its seed. Pure.

import { NOT_BUILT } from '../../engine/awaited.ts';
import type { Op, Scenario } from '../../generated/types.d.ts';
import { prettyTextOf, scriptOf } from '../script/document.ts';
import { phraseOf } from '../script/phrase.ts';

export interface Breakdown {
  readonly worker: string;
  readonly message: string;
  readonly line: number;
}

/** A panic of Rust's says where it was, and then what; any other error says only what. */
export function isPanic(message: string): boolean {
  return message.startsWith('panicked at ');
}

/** A build of the engine that could not be made says what its compiler said. */
export function isUnbuilt(message: string): boolean {
  return message.startsWith(NOT_BUILT);
}

/** The line that was under way; none if the script had come to its end. */
export function lineOf({ line }: Breakdown, scenario: Scenario): Op | undefined {
  return scriptOf(scenario)[line];
}

/** The report, as text. `runtime` is what the machine ran on here, which may not be what the scenario asks for. */
export function breakdownReport(
  broken: Breakdown,
  scenario: Scenario,
  runtime: 'threads' | 'virtual',
  browser: string,
): string {
  const op = lineOf(broken, scenario);
  const place = `line ${broken.line + 1} of ${scriptOf(scenario).length}`;
  return [
    `Faultline: ${broken.worker} ${isPanic(broken.message) ? broken.message : `stopped: ${broken.message}`}`,
    op === undefined ? 'in no line of the script' : `in ${place}: ${phraseOf(op)}`,
    `on ${runtime === 'threads' ? 'threads' : `virtual CPUs, seed ${seedOf(scenario)}`}`,
    `in ${browser}`,
    '',
    prettyTextOf(scenario),
    '',
  ].join('\n');
}

function seedOf({ runtime }: Scenario): number {
  return runtime?.kind === 'virtual' ? (runtime.seed ?? 0) : 0;
}
