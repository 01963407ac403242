// Runs the steps of a plan, two at a time: each as soon as what it needs is done, in the order of the plan; one that is to run
// alone when nothing else can.

import { availableParallelism } from 'node:os';
import { inTurn } from './turns.mjs';

/**
 * A step. It begins when the steps that it needs are done, and never if one of them failed.
 * @typedef {object} Planned
 * @property {string} name
 * @property {string[]} [needs] the names of those steps, which come before it in the plan
 * @property {string} [uses] what only one step at a time can use, as the system's package manager or a folder of builds
 * @property {boolean} [alone] whether no other step runs at the same time
 * @property {() => Promise<unknown> | unknown} body
 */

/** @typedef {'done' | 'failed' | 'blocked'} Outcome */

/** As many as keep two cores at work: one step's compiler, or its browser, waits for something now and then. */
const most = Math.min(2, availableParallelism());

/**
 * Runs all steps that can be run.
 * @param {Planned[]} plan
 * @param {object} how
 * @param {(planned: Planned) => Promise<boolean>} how.run runs a step and explains its failure; false if it failed
 * @param {(planned: Planned, by: string) => void} how.block says that a step cannot run, because another failed
 * @param {number} [how.atOnce]
 * @returns {Promise<void>}
 */
export async function carryOut(plan, { run, block, atOnce = most }) {
  const outcomes = /** @type {Map<string, Outcome>} */ (new Map());
  const used = /** @type {Set<string>} */ (new Set());
  const running = /** @type {Set<Promise<void>>} */ (new Set());
  let isAlone = false;
  const waiting = [...plan];
  const names = new Set();
  for (const { name, needs = [] } of plan) {
    const missing = needs.find((need) => !names.has(need));
    if (missing !== undefined)
      throw new Error(`${name} needs ${missing}, which does not come before it`);
    if (names.has(name)) throw new Error(`there are two steps ${name}`);
    names.add(name);
  }

  /** Takes the next step off the plan that can begin, and blocks those on its way that never will. */
  const next = () => {
    for (const planned of [...waiting]) {
      const { name, needs = [], uses, alone } = planned;
      const by = needs.find((need) => ['failed', 'blocked'].includes(outcomes.get(need) ?? ''));
      const isDisturbed = alone === true && running.size > 0;
      const isReady = !isDisturbed && needs.every((need) => outcomes.get(need) === 'done');
      if (by === undefined && (!isReady || (uses !== undefined && used.has(uses)))) continue;
      waiting.splice(waiting.indexOf(planned), 1);
      if (by === undefined) return planned;
      outcomes.set(name, 'blocked');
      block(planned, by);
    }
    return undefined;
  };

  const begin = async (/** @type {Planned} */ planned) => {
    if (planned.uses !== undefined) used.add(planned.uses);
    isAlone = planned.alone === true;
    const isDone = await inTurn(planned.name, () => run(planned));
    outcomes.set(planned.name, isDone ? 'done' : 'failed');
    if (planned.uses !== undefined) used.delete(planned.uses);
    isAlone = false;
  };

  for (;;) {
    const planned = running.size < atOnce && !isAlone ? next() : undefined;
    if (planned !== undefined) {
      const ended = begin(planned).finally(() => running.delete(ended));
      running.add(ended);
    } else if (running.size > 0) await Promise.race(running);
    else return;
  }
}
