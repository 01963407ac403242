// Edits a scenario as a document: adds and removes lines, and finds which names are free. Pure.

import type { Op, Scenario } from '../../generated/types.d.ts';
import { isSameJson } from './same-json.ts';

export const EMPTY: Scenario = {
  faultline: 1,
  machine: {},
  runtime: { kind: 'virtual', seed: 1 },
  script: [],
};

export function scriptOf(scenario: Scenario): readonly Op[] {
  return scenario.script ?? [];
}

/** What a line does, without its words for a reader. */
export function deedOf({ note: _note, question: _question, ...deed }: Op): Op {
  return deed as Op;
}

/** A line that does something else, with the words of the line that it replaces. A question without an answer goes. */
export function withWordsOf({ note, question }: Op, deed: Op): Op {
  const answers = question?.choices !== undefined || 'equals' in deed;
  return {
    ...deed,
    ...(note !== undefined && { note }),
    ...(question !== undefined && answers && { question }),
  };
}

/** Whether two lines do the same: they may differ in their words. */
export function isSameDeed(one: Op, other: Op): boolean {
  return one === other || isSameJson(deedOf(one), deedOf(other));
}

/** Whether it is the very same line, whose words may have been changed. */
function isSameLine(one: Op, other: Op | undefined): boolean {
  if (one === other || other === undefined) return one === other;
  const hasOtherWords = one.note !== other.note || one.question !== other.question;
  return hasOtherWords && isSameDeed(one, other);
}

/** How many lines two scripts begin with alike: the very same lines, not lines that say the same. */
export function commonLines(one: readonly Op[], other: readonly Op[]): number {
  const differs = one.findIndex((op, at) => !isSameLine(op, other[at]));
  return differs < 0 ? one.length : differs;
}

export function withLine(scenario: Scenario, at: number, op: Op): Scenario {
  const script = [...scriptOf(scenario)];
  script.splice(at, 0, op);
  return { ...scenario, script };
}

export function withoutLine(scenario: Scenario, at: number): Scenario {
  return { ...scenario, script: scriptOf(scenario).filter((_, index) => index !== at) };
}

export function withChangedLine(scenario: Scenario, at: number, op: Op): Scenario {
  return {
    ...scenario,
    script: scriptOf(scenario).map((line, index) => (index === at ? op : line)),
  };
}

export function withLineMoved(scenario: Scenario, from: number, to: number): Scenario {
  const script = [...scriptOf(scenario)];
  script.splice(to, 0, ...script.splice(from, 1));
  return { ...scenario, script };
}

/** The first line that is not the same in both; -1 if they do not even have the same machine. */
export function firstDifference(one: Scenario, other: Scenario): number {
  if (one.machine !== other.machine || one.runtime !== other.runtime) return -1;
  return commonLines(scriptOf(one), scriptOf(other));
}

/** Each line, and those within a `together` or a `repeat`. */
export function* everyLine(lines: readonly Op[]): Generator<Op> {
  for (const line of lines) {
    yield line;
    if (line.op === 'together') for (const list of line.scripts) yield* everyLine(list);
    if (line.op === 'repeat') yield* everyLine(line.script);
  }
}

/** The names of the traces that the script replays. */
export function tracesIn(scenario: Scenario): string[] {
  return [...everyLine(scriptOf(scenario))].flatMap((line) =>
    line.op === 'run' && typeof line.pattern === 'object' && 'trace' in line.pattern
      ? [line.pattern.trace]
      : [],
  );
}

/**
 * Every name that the script gives, in its order: a name is used once, dead or alive. In a `repeat` it is one for
 * each turn, with the turn's number for `#`.
 */
export function namesOf(scenario: Scenario): string[] {
  const names: string[] = [];
  for (const line of everyLine(scriptOf(scenario))) {
    if (line.op === 'spawn' || line.op === 'fork') names.push(line.as);
  }
  return names;
}

/** The names that repeats give, with any number for `#`. */
function namesInRepeats(scenario: Scenario): RegExp[] {
  const repeats = [...everyLine(scriptOf(scenario))].filter(({ op }) => op === 'repeat');
  return namesOf({ ...scenario, script: repeats }).map((name) => {
    const parts = name
      .split('#')
      .map((part) => part.replace(/[^\w]/gu, (sign) => `\\u{${hex(sign)}}`));
    return new RegExp(`^${parts.join('\\d+')}$`, 'u');
  });
}

function hex(sign: string): string {
  return (sign.codePointAt(0) ?? 0).toString(16);
}

/** Tells of a name whether nobody has had it. */
function freeIn(scenario: Scenario): (name: string) => boolean {
  const taken = new Set(namesOf(scenario));
  const numbered = namesInRepeats(scenario);
  return (name) => !taken.has(name) && !numbered.some((each) => each.test(name));
}

/** The stem with the separator and the first number that is free. */
function numbered(stem: string, from: number, isFree: (name: string) => boolean): string {
  for (let number = from; ; number++) {
    const name = `${stem}${number}`;
    if (isFree(name)) return name;
  }
}

/** A name nobody has had: the wish itself, or the wish with the first number that is free. */
export function freshName(scenario: Scenario, wish: string): string {
  const isFree = freeIn(scenario);
  return isFree(wish) ? wish : numbered(`${wish.replace(/-?\d+$/, '')}-`, 2, isFree);
}

/** Names longer than this have no room in the tree: a child of one gets a short name. */
const LONGEST_PARENT = 24;

/**
 * A name for a child, which tells whose it is: `init-2.1` and `init-2.2` are children of `init-2`. Children of the
 * first process are `child`, `child-2` and so on.
 */
export function freshChildName(scenario: Scenario, parent: string): string {
  if (parent === 'init' || parent.length > LONGEST_PARENT) return freshName(scenario, 'child');
  return numbered(`${parent}.`, 1, freeIn(scenario));
}

export interface Touched {
  readonly process?: string;
  readonly page?: number;
}

/** The process and page that a line touches, to follow it on the screen. */
export function touchedBy(op: Op): Touched {
  if (op.op === 'spawn') return { process: op.as };
  return {
    ...('process' in op && op.process !== undefined ? { process: op.process } : {}),
    ...('page' in op ? { page: op.page } : {}),
  };
}

/** What the latest of these lines touched: the process, and the page. */
export function trailOf(lines: readonly Op[]): Touched {
  let trail: Touched = {};
  for (let at = lines.length - 1; at >= 0; at--) {
    const op = lines[at];
    if (op !== undefined) trail = { ...touchedBy(op), ...trail };
    if (trail.process !== undefined && trail.page !== undefined) break;
  }
  return trail;
}

export function textOf(scenario: Scenario): string {
  return JSON.stringify(scenario);
}

/** For reading: one line of the script a line of the text. */
export function prettyTextOf(scenario: Scenario): string {
  const { script = [], ...rest } = scenario;
  const head = JSON.stringify({ ...rest, script: [] }, null, 2);
  if (script.length === 0) return head;
  const lines = script.map((op) => `    ${spaced(JSON.stringify(op))}`).join(',\n');
  return head.replace(/"script": \[\]\n\}$/, () => `"script": [\n${lines}\n  ]\n}`);
}

/** Spaces after colons and commas outside strings: a line for eyes. */
function spaced(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|[:,]/g, (token) =>
    token === ':' || token === ',' ? `${token} ` : token,
  );
}
