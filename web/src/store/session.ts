// The life of the one laboratory: a machine is opened for the scenario, lines run in order, one at a time,
// and a machine that broke is opened again. Everything the page knows of a machine's state is read elsewhere.

import { batch, computed, signal } from '@preact/signals';
import { canShare, check, Laboratory } from '../engine/client.ts';
import type { Subject } from '../engine/messages.ts';
import type { Line } from '../generated/types.d.ts';
import { keepDraft } from './drafts.ts';
import { forgetHistory, redone, remember, undone, type Version } from './history.ts';
import { loop } from './loop.ts';
import { forget, observe, observed, rememberWord, settleNames } from './observation.ts';
import { cutStory, openStory, playStory } from './player.ts';
import {
  EMPTY,
  firstDifference,
  scriptOf,
  type Touched,
  textOf,
  touchedBy,
  withChangedLine,
  withLine,
  withoutLine,
} from './script.ts';
import { follow, lookNowhere } from './selection.ts';
import { pace } from './settings.ts';
import { tracesFor } from './traces.ts';
import type { Op, OpOutcome, Problem, Report, Scenario } from './types.ts';

export type Status =
  | { readonly kind: 'closed' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'failed'; readonly worker: string; readonly message: string };

/** What a line did, kept beside the script. */
export interface LineRecord {
  readonly outcome: OpOutcome;
  readonly grew: Readonly<Record<string, number>>;
  readonly after: { low: number; high: number } | undefined;
}

export const scenario = signal<Scenario>(EMPTY);
/** How many lines have run. */
export const cursor = signal(0);
export const records = signal<readonly LineRecord[]>([]);
export const status = signal<Status>({ kind: 'closed' });
export const playing = signal(false);
export const problem = signal<Problem | undefined>(undefined);
export const report = signal<Report | undefined>(undefined);

export const busy = computed(() => status.value.kind === 'busy' || status.value.kind === 'opening');
const BUSY: Status = { kind: 'busy' };

/** Whether an action can be asked for; while a line runs it waits its turn. */
export const usable = computed(() => ['ready', 'busy'].includes(status.value.kind));

/** What the machine runs on: without shared memory there are no threads, and virtual CPUs do their work. */
export const runtimeKind = computed(() =>
  canShare ? (scenario.value.runtime?.kind ?? 'virtual') : 'virtual',
);

/** The scenario as it can run here. */
function runnable(wanted: Scenario): Scenario {
  if (canShare || wanted.runtime?.kind !== 'threads') return wanted;
  return { ...wanted, runtime: { kind: 'virtual' } };
}

let laboratory: Laboratory | undefined;

/** The history of a page, a frame or a slot of the machine that is open; none while there is none. */
export async function why(subject: Subject): Promise<Line[]> {
  return laboratory === undefined ? [] : laboratory.why(subject);
}
/** Counts machines, so that what was meant for an earlier one is dropped. */
let era = 0;
/** Rejects when the present machine is closed: nothing waits for a worker that is gone. */
let gone: Promise<never>;
let abandon: () => void;
let finished = false;
let hasOpened = false;
/** How long the story of the last line takes, in milliseconds. */
let storyLength = 0;
let queue: Promise<unknown> = Promise.resolve();
/** The lines that have run, as the script knows it; the signals follow, a few times a second. */
let done: LineRecord[] = [];
/** What the lines of this run touched, the latest of each: that is what is looked at when it is over. */
let trail: Touched = {};
let lastTold = Number.NEGATIVE_INFINITY;

/** A script of thousands of lines is not drawn anew for each of them. */
const TELL_MS = 100;

function tellProgress(): void {
  lastTold = performance.now();
  batch(() => {
    records.value = [...done];
    cursor.value = done.length;
  });
}

/** One thing at a time, in the order asked for. */
function enqueue<Result>(task: () => Promise<Result>): Promise<Result> {
  const result = queue.then(task, task);
  queue = result.catch(() => undefined);
  return result;
}

function renewEra(): void {
  era++;
  gone = new Promise((_, reject) => {
    abandon = () => reject(new Error('the machine was closed'));
  });
  gone.catch(() => undefined);
}

renewEra();

function whileOpen<Result>(promise: Promise<Result>): Promise<Result> {
  return Promise.race([promise, gone]);
}

function close(): void {
  abandon();
  renewEra();
  laboratory?.close();
  laboratory = undefined;
  finished = false;
  loop.awake = false;
  cutStory();
  forget();
}

function fail(worker: string, message: string): void {
  close();
  batch(() => {
    playing.value = false;
    status.value = { kind: 'failed', worker, message };
    tellProgress();
  });
}

async function openMachine(): Promise<boolean> {
  close();
  const mine = era;
  batch(() => {
    status.value = { kind: 'opening' };
    done = [];
    tellProgress();
    report.value = undefined;
  });
  try {
    const document = textOf(runnable(scenario.value));
    const traces = await whileOpen(tracesFor(document));
    const onFailure = ({ worker, message }: { worker: string; message: string }) => {
      if (mine === era) fail(worker, message);
    };
    const opening = Laboratory.open(document, onFailure, {
      traces,
      onCopy: () => loop.request(),
    });
    // A machine that comes when nobody waits for it any more is closed at once.
    opening.then(
      (late) => {
        if (mine !== era) late.close();
      },
      () => undefined,
    );
    const opened = await whileOpen(opening);
    laboratory = opened;
    hasOpened = true;
    observe(opened);
    await whileOpen(settleNames(opened));
    status.value = { kind: 'ready' };
    loop.request();
    return true;
  } catch (error) {
    if (mine === era) {
      close();
      const found = asProblem(error);
      batch(() => {
        playing.value = false;
        if (found !== undefined) {
          problem.value = found;
          status.value = { kind: 'closed' };
        } else {
          status.value = { kind: 'failed', worker: 'engine', message: messageOf(error) };
        }
      });
    }
    return false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function asProblem(error: unknown): Problem | undefined {
  if (typeof error !== 'object' || error === null || !('path' in error)) return undefined;
  const { path, found, legal, message } = error as Problem;
  return { path, found, legal, message };
}

/** Lines after which other processes exist. */
const CHANGES_PROCESSES: readonly string[] = ['spawn', 'fork', 'kill', 'together'];

/** Runs the next line; `shown` plays what it did over the grids. False if the machine is gone. */
async function runLine(shown: boolean): Promise<boolean> {
  const at = done.length;
  const script = scriptOf(scenario.value);
  const op = script[at];
  if (laboratory === undefined || op === undefined) return false;
  const mine = era;
  const touched = touchedBy(op);
  const isLast = at === script.length - 1;
  if (shown) {
    if (op.op !== 'spawn') follow(touched);
    observed.readNow();
    openStory();
  } else {
    cutStory();
  }
  if (shown || isLast) rememberWord(touched);
  const before = observed.countersNow();
  if (status.value !== BUSY) status.value = BUSY;
  loop.awake = true;
  try {
    const outcome = await whileOpen(laboratory.apply(op, shown || isLast));
    if (CHANGES_PROCESSES.includes(op.op)) await whileOpen(settleNames(laboratory));
    const grew = grown(before, observed.countersNow());
    trail = { ...trail, ...touched };
    done.push({ outcome, grew, after: observed.pteOf(touched) });
    if (shown || isLast) {
      observed.readNow();
      storyLength = shown ? playStory() : 0;
    }
    const patience = Math.max(TELL_MS, script.length / 10);
    if (shown || isLast || performance.now() - lastTold >= patience) tellProgress();
    return true;
  } catch (error) {
    if (mine === era) fail('engine', messageOf(error));
    return false;
  } finally {
    if (mine === era) loop.awake = false;
  }
}

function grown(before: Record<string, number>, after: Record<string, number>) {
  const grew: Record<string, number> = {};
  for (const [name, value] of Object.entries(after)) grew[name] = value - (before[name] ?? 0);
  return grew;
}

async function runTo(target: number, shown = false): Promise<boolean> {
  if (laboratory === undefined || finished || target < done.length) {
    if (!(await openMachine())) return false;
  }
  trail = {};
  while (done.length < target) if (!(await runLine(shown))) return false;
  batch(() => {
    follow(trail);
    tellProgress();
    status.value = { kind: 'ready' };
  });
  return true;
}

/** Replaces the scenario and runs it: to its end, or to a line. */
export function load(next: Scenario, lines = scriptOf(next).length): Promise<boolean> {
  stopPlaying();
  close();
  return enqueue(async () => {
    batch(() => {
      scenario.value = next;
      problem.value = undefined;
      forgetHistory();
      lookNowhere();
    });
    return (await openMachine()) && (await runTo(lines));
  });
}

/** Does actions now: they become the lines after the last one that ran. */
export function perform(...ops: readonly Op[]): Promise<boolean> {
  stopPlaying();
  return enqueue(async () => {
    if (finished && !(await runTo(done.length))) return false;
    if (laboratory === undefined || ops.length === 0) return false;
    remember(present());
    for (const op of ops) if (!(await performOne(op, ops.length === 1))) return false;
    keepDraft(scenario.value);
    return true;
  });
}

async function performOne(op: Op, shown: boolean): Promise<boolean> {
  const at = done.length;
  scenario.value = withLine(scenario.value, at, op);
  if (!(await runTo(at + 1, shown))) return false;
  const record = done[at];
  if (record?.outcome.ok === false && record.outcome.code) {
    // The refusal is what happened, so it is what the script says: the same script then holds everywhere.
    const refused = { ...op, fails: record.outcome.code };
    done[at] = { ...record, outcome: { ...record.outcome, ok: true } };
    batch(() => {
      scenario.value = withChangedLine(scenario.value, at, refused);
      tellProgress();
    });
  }
  return true;
}

function present(): Version {
  return { scenario: scenario.value, lines: done.length };
}

/** Another version of the scenario takes the place of this one, and has run as far as it says. */
async function become({ scenario: next, lines }: Version): Promise<boolean> {
  const from = firstDifference(next, scenario.value);
  scenario.value = next;
  keepDraft(next);
  // Lines that are still to come may change without the machine hearing of it.
  if (from >= done.length && lines === done.length) return true;
  return (from >= done.length || (await openMachine())) && (await runTo(lines));
}

/** Changes the scenario; the lines that had run have run again, unless it says how many. */
export function revise(
  change: (scenario: Scenario, lines: number) => Scenario | Version | undefined,
): Promise<boolean> {
  stopPlaying();
  return enqueue(async () => {
    const changed = change(scenario.value, done.length);
    if (changed === undefined) return false;
    remember(present());
    const version = 'lines' in changed ? changed : { scenario: changed, lines: done.length };
    const most = scriptOf(version.scenario).length;
    return become({ ...version, lines: Math.min(version.lines, most) });
  });
}

function travelBy(step: (present: Version) => Version | undefined): Promise<boolean> {
  stopPlaying();
  return enqueue(async () => {
    const version = step(present());
    return version !== undefined && become(version);
  });
}

/** Takes the last change of the scenario back. */
export const undo = () => travelBy(undone);
export const redo = () => travelBy(redone);

export function seek(target: number): Promise<boolean> {
  stopPlaying();
  const clamped = Math.max(0, Math.min(scriptOf(scenario.value).length, target));
  return enqueue(() => runTo(clamped, clamped === done.length + 1));
}

export function removeLine(at: number): Promise<boolean> {
  return revise((now, lines) =>
    at < 0 || at >= scriptOf(now).length
      ? undefined
      : { scenario: withoutLine(now, at), lines: at < lines ? lines - 1 : lines },
  );
}

function stopPlaying(): void {
  playing.value = false;
}

/** Runs the lines that are left, at the chosen pace, until the end or until paused. */
export function play(): Promise<boolean> {
  if (playing.value) return Promise.resolve(false);
  playing.value = true;
  return enqueue(async () => {
    const total = () => scriptOf(scenario.value).length;
    if (done.length >= total() && total() > 0 && !(await runTo(0))) return false;
    while (playing.value && done.length < total()) {
      const shown = pace.value >= STORY_PACE;
      if (!(await runTo(done.length + 1, shown))) break;
      if (pace.value > 0 && done.length < total()) await pause(Math.max(pace.value, storyLength));
    }
    playing.value = false;
    return true;
  });
}

/** At a slower pace than this each line's story is played to its end. */
const STORY_PACE = 450;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** After the line that is running. */
export function pausePlaying(): void {
  stopPlaying();
}

/** Ends a line that runs too long, by ending its machine; the lines before it run again. */
export function stop(): Promise<boolean> {
  stopPlaying();
  const count = done.length;
  close();
  return enqueue(() => openMachine().then((open) => open && runTo(count)));
}

/** The engine broke where no machine was concerned: it could not be loaded, or could not read a scenario. */
export function engineFailed(error: unknown): void {
  fail('engine', messageOf(error));
}

/** A machine for the same script, after the last one broke; the page anew if there never was one. */
export function restart(withoutLastLine: boolean): Promise<boolean> {
  if (!hasOpened) {
    location.reload();
    return Promise.resolve(false);
  }
  const count = done.length;
  return enqueue(async () => {
    if (withoutLastLine && count < scriptOf(scenario.value).length) {
      scenario.value = withoutLine(scenario.value, count);
    }
    return (await openMachine()) && (await runTo(count));
  });
}

/** Runs what is left of the script, audits, and reports. */
export function finish(): Promise<Report | undefined> {
  stopPlaying();
  return enqueue(async () => {
    if (!(await runTo(scriptOf(scenario.value).length)) || laboratory === undefined)
      return undefined;
    const mine = era;
    status.value = BUSY;
    try {
      const made = await whileOpen(laboratory.finish());
      finished = true;
      batch(() => {
        report.value = made;
        status.value = { kind: 'ready' };
      });
      return made;
    } catch (error) {
      if (mine === era) fail('engine', messageOf(error));
      return undefined;
    }
  });
}

export { check };
