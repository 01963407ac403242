// Tells how many events the lines of a shipped scenario take before they have run: a virtual run is the same every
// time, so its lengths come with the page (`npm run types` runs each scenario and writes them down).

import lengths from '../../generated/run-lengths.json' with { type: 'json' };
import type { Op, Scenario } from '../../generated/types.d.ts';
import { shipped } from '../library/catalogue.ts';
import { isSameDeed, scriptOf } from '../script/document.ts';
import { isSameJson } from '../script/same-json.ts';

const known: Readonly<Record<string, readonly number[]>> = lengths;

let last: { scenario: Scenario; ends: readonly number[] } | undefined;

/**
 * The events at the end of each line, as far as the scenario is one that comes with the page: its lines up to the
 * first that is another. Empty for any other scenario.
 */
export function expectedEnds(scenario: Scenario): readonly number[] {
  if (last?.scenario !== scenario) last = { scenario, ends: lookUp(scenario) };
  return last.ends;
}

function lookUp(scenario: Scenario): readonly number[] {
  const script = scriptOf(scenario);
  let best: readonly number[] = [];
  for (const { path, scenario: other } of shipped) {
    const ends = known[path];
    const [one, another] = [script[0], scriptOf(other)[0]];
    if (ends === undefined || !isSame(one, another) || !hasSameMachine(scenario, other)) continue;
    const differs = script.findIndex((op, at) => !isSame(op, scriptOf(other)[at]));
    const common = ends.slice(0, differs < 0 ? script.length : differs);
    if (common.length > best.length) best = common;
  }
  return best;
}

function isSame(one: Op | undefined, other: Op | undefined): boolean {
  return one !== undefined && other !== undefined && isSameDeed(one, other);
}

function hasSameMachine(one: Scenario, other: Scenario): boolean {
  const runtime = ({ runtime }: Scenario) => runtime ?? { kind: 'virtual' };
  return (
    isSameJson(one.machine ?? {}, other.machine ?? {}) && isSameJson(runtime(one), runtime(other))
  );
}
