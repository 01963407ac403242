// The notes' ladder, for measuring: the table of switches, and its scenarios made as long as one likes.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './command.mjs';

/**
 * A row of the table: what is laid over which scenario, the one switch with its two sides, and what to look at.
 * @typedef {object} Rung
 * @property {string} name
 * @property {string} title
 * @property {string} switch the JSON Pointer to what differs
 * @property {[unknown, unknown]} sides
 * @property {string} [base] the scenario that both sides start from: `base` unless it says another
 * @property {Record<string, unknown>} [with] what both sides change in it
 * @property {string} fault the kind of fault whose latency matters
 * @property {string[]} shows counters, and `wait:CLASS` for the share of all CPU time that waits for those locks
 */

/** @typedef {{op: string, process?: string, as?: string, accesses?: number, scripts?: Op[][]}} Op */
/** @typedef {{machine: {cpus: number}, script: Op[]}} Scenario */

const read = (/** @type {string} */ name) =>
  JSON.parse(readFileSync(join(root, 'scenarios', 'ladder', `${name}.json`), 'utf8'));

/** @returns {Rung[]} */
export const readLadder = () => read('switches');

/**
 * The scenario under a rung with about this many accesses: its workload is made longer, or what stands in a
 * `together` happens again and again under new names.
 * @param {Rung} rung
 * @param {number} accesses
 * @returns {Scenario}
 */
export function scenarioUnder({ base = 'base' }, accesses) {
  /** @type {Scenario} */
  const scenario = read(base);
  const script = scenario.script.map((op) => {
    if (op.op === 'run' && op.accesses !== undefined) return { ...op, accesses };
    return op.scripts === undefined ? op : { ...op, scripts: repeated(op.scripts, accesses) };
  });
  return { ...scenario, script };
}

/** @param {Op[][]} scripts @param {number} accesses */
function repeated(scripts, accesses) {
  const once = scripts.flat().reduce((sum, op) => sum + (op.accesses ?? 0), 0);
  const times = Math.max(1, Math.round(accesses / once));
  return scripts.map((ops) =>
    Array.from({ length: times }, (_, time) =>
      ops.map((op) => ({
        ...op,
        ...(op.as !== undefined && { as: `${op.as}-${time}` }),
        ...(op.process !== undefined && { process: `${op.process}-${time}` }),
      })),
    ).flat(),
  );
}

/**
 * What the command line says for one side.
 * @param {Rung} rung
 * @param {unknown} side
 */
export function settingsOf(rung, side) {
  const settings = [...Object.entries(rung.with ?? {}), [rung.switch, side]];
  return settings.flatMap(([place, value]) => ['--set', `${place}=${JSON.stringify(value)}`]);
}
