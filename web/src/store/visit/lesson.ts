// Holds what a scenario says to its reader: its text, the note of the line under way, its question and its variants. A
// question is answered before its line runs; until then what would give the answer away is covered, and the answer is
// shown by running the script up to that line.

import { batch, computed, signal } from '@preact/signals';
import type { Op, Question, Scenario } from '../../generated/types.d.ts';
import { reducedMotion } from '../page/settings.ts';
import { compare } from '../run/comparison.ts';
import { scenario } from '../run/open-machine.ts';
import { cursor, known, playhead } from '../run/playhead.ts';
import { load, revise, seek } from '../run/session.ts';
import { scriptOf } from '../script/document.ts';
import { withSetting } from '../script/setting.ts';

/** What a reader answered: a number, or the index of a choice; nothing if the reader wanted to be told. */
interface Answer {
  readonly given: number | undefined;
}

/** By the question itself: a line keeps its answer when others are changed. */
const answers = signal<ReadonlyMap<Question, Answer>>(new Map());
/** The question whose outcome is looked at, until the reader goes on. */
const looked = signal<Question | undefined>(undefined);

export interface Asked {
  /** The index of its line. */
  readonly line: number;
  readonly op: Op;
  readonly question: Question;
  readonly answer: Answer | undefined;
  /** Which question of how many, from 1. */
  readonly number: number;
  readonly count: number;
}

const questions = computed<readonly Asked[]>(() => {
  const asked = scriptOf(scenario.value).flatMap((op, line) =>
    op.question === undefined ? [] : [{ line, op, question: op.question }],
  );
  return asked.map((each, at) => ({
    ...each,
    answer: answers.value.get(each.question),
    number: at + 1,
    count: asked.length,
  }));
});

/** The question that is asked, or whose outcome is looked at. */
export const asked = computed<Asked | undefined>(() => {
  const all = questions.value;
  return (
    all.find(({ question }) => question === looked.value) ??
    all.find(({ answer }) => answer === undefined)
  );
});

/** The right answer: the index of a choice, or the number that the line expects. */
export function rightAnswer({ op, question }: Pick<Asked, 'op' | 'question'>): number | undefined {
  if (question.choices !== undefined) return question.right;
  return 'equals' in op ? op.equals : undefined;
}

/** Whether the machine has run the question's line, and it did what it expects. Nothing while it has not run. */
export function outcomeOf({ line }: Asked): boolean | undefined {
  known.version.value;
  return playhead.value.line > line ? known.lines()[line]?.outcome.ok : undefined;
}

/** What is covered: the numbers that the question is about, until it is answered. */
const covered = computed(() => {
  const now = asked.value;
  return now === undefined || now.answer !== undefined ? undefined : now.op;
});

export function coversCounter(name: string): boolean {
  const op = covered.value;
  return op !== undefined && 'counter' in op && op.counter === name;
}

/** Whether a line's words would give the answer away: the line that is asked about, and those that say the same. */
export function coversLine(op: Op): boolean {
  const about = covered.value;
  if (about === undefined || op.op !== 'expect') return false;
  if (op === about) return true;
  return 'counter' in about && 'counter' in op && op.counter === about.counter;
}

/** Answers the question, and runs the script up to its line. */
export async function answer({ line, question }: Asked, given: number | undefined): Promise<void> {
  batch(() => {
    answers.value = new Map(answers.value).set(question, { given });
    looked.value = question;
  });
  await reveal(line + 1);
}

/** Lines before the one that is asked about that are run one by one, so that they are seen. */
const MOST_SHOWN = 12;
/** How long a line that does something is looked at. */
const LOOK_MS = 800;

/** Runs up to there, unless the reader goes elsewhere meanwhile. */
async function reveal(to: number): Promise<void> {
  const script = scriptOf(scenario.value);
  while (cursor.value < to) {
    const next = Math.max(cursor.value + 1, to - MOST_SHOWN);
    if (!(await seek(next)) || cursor.value !== next || next === to) return;
    if (script[next - 1]?.op === 'expect' || reducedMotion.value) continue;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    if (cursor.value !== next || scriptOf(scenario.value) !== script) return;
  }
}

/** On to the next question, if there is one. */
export function goOn(): void {
  looked.value = undefined;
}

/** Whether all questions are answered, and there were any. */
export const isDone = computed(
  () => questions.value.length > 0 && questions.value.every((each) => each.answer !== undefined),
);

/** The line under way, or else the one that ran last; the playhead moves far more often than this. */
const lineNow = computed(() => {
  const { line, under_way } = playhead.value;
  return under_way ? line : line - 1;
});

/** The note of that line. */
export const note = computed<{ readonly line: number; readonly text: string } | undefined>(() => {
  const line = lineNow.value;
  const text = scriptOf(scenario.value)[line]?.note;
  return text === undefined ? undefined : { line, text };
});

/** That note, or that of the latest line before it which has one. */
export const latestNote = computed<{ readonly line: number; readonly text: string } | undefined>(
  () => {
    const passed = scriptOf(scenario.value).slice(0, lineNow.value + 1);
    const line = passed.findLastIndex((op) => op.note !== undefined);
    const text = passed[line]?.note;
    return text === undefined ? undefined : { line, text };
  },
);

/** Opens a scenario as a lesson: at its beginning, with its questions unanswered. */
export function begin(next: Scenario): Promise<boolean> {
  batch(() => {
    answers.value = new Map();
    looked.value = undefined;
    tried.value = undefined;
  });
  return load(next, opensAt(next));
}

/** Whether a scenario that comes with the page opens at its beginning: it has something to say on the way. */
function opensAt(next: Scenario): number {
  const script = scriptOf(next);
  return script.some(({ note: words }) => words !== undefined) ? 0 : script.length;
}

/** A variant that is tried: which one, of which scenario. */
const tried = signal<
  { readonly base: Scenario; readonly index: number; readonly scenario: Scenario } | undefined
>(undefined);

const base = computed(() =>
  tried.value?.scenario === scenario.value ? tried.value.base : scenario.value,
);

export interface Variant {
  readonly index: number;
  /** Where its machine differs, which names it. */
  readonly changes: readonly { readonly pointer: string; readonly value: unknown }[];
  readonly scenario: Scenario;
  readonly isTried: boolean;
}

/** One with a setting that has no place in the scenario is left out. */
export const variants = computed<readonly Variant[]>(() =>
  (base.value.variants ?? []).flatMap((settings, index) => {
    const changes = settings.map(partsOf).filter(({ pointer }) => !pointer.startsWith('/script'));
    try {
      const isTried = tried.value?.scenario === scenario.value && tried.value.index === index;
      return [{ index, changes, scenario: laidOver(base.value, settings), isTried }];
    } catch {
      return [];
    }
  }),
);

/** The scenario that the variants are variants of, while one of them is tried. */
export const original = computed(() => (base.value === scenario.value ? undefined : base.value));

function laidOver(from: Scenario, settings: readonly string[]): Scenario {
  return settings
    .map(partsOf)
    .reduce((made, { pointer, value }) => withSetting(made, pointer, value), from);
}

/** As the engine reads a setting: a value that is no JSON is a word. */
function partsOf(setting: string): { pointer: string; value: unknown } {
  const [pointer = '', ...rest] = setting.split('=');
  const text = rest.join('=');
  try {
    return { pointer, value: JSON.parse(text) };
  } catch {
    return { pointer, value: text };
  }
}

/** Opens a variant at its beginning. */
export async function tryVariant({ index, scenario: next }: Variant): Promise<void> {
  const from = base.value;
  batch(() => {
    answers.value = new Map();
    looked.value = undefined;
    tried.value = { base: from, index, scenario: next };
  });
  await load(next, 0);
}

/** Runs the scenario and a variant side by side. */
export function compareVariant({ scenario: other }: Variant): Promise<void> {
  return compare(base.value, other);
}

/** Gives the scenario other words. What it does stays, so that nothing runs again. */
export function withWords(change: (now: Scenario) => Scenario): Promise<boolean> {
  return revise((now, lines) => ({ scenario: change(now), lines }));
}
