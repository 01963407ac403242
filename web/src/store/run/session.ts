// Loads, edits and runs the scenario, and performs actions on it. Every action becomes a line of the script where the
// playhead is, and is then run like any other line. A virtual machine travels along its script; on threads lines run
// once, in their order, and going back opens a new machine.

import { batch, signal } from '@preact/signals';
import { changesProcesses } from '../../engine/executed-lines.ts';
import type { Op, Report, Scenario } from '../../generated/types.d.ts';
import { presentation } from '../animation/presentation.ts';
import { keepDraft } from '../library/drafts.ts';
import { nameProcesses, observed, rememberWord } from '../machine/observation.ts';
import { loop } from '../page/loop.ts';
import { following, lookAt, lookNowhere } from '../page/selection.ts';
import {
  firstDifference,
  scriptOf,
  type Touched,
  touchedBy,
  trailOf,
  withChangedLine,
  withLine,
  withoutLine,
} from '../script/document.ts';
import { forgetHistory, redone, remember, undone, type Version } from '../script/history.ts';
import { withRefusals } from '../script/refusals.ts';
import { aimedAt } from './completion.ts';
import {
  ask,
  close,
  enqueue,
  fail,
  hasOpened,
  isEquipped,
  isOpen,
  messageOf,
  openMachine,
  problem,
  rewrite,
  runtimeKind,
  scenario,
  setBusy,
  status,
} from './open-machine.ts';
import { cursor, known, playhead, playing } from './playhead.ts';
import { halt, travel } from './travel.ts';

export const report = signal<Report | undefined>(undefined);

/** On threads: the machine has been audited, and goes no further. */
let finished = false;

async function reopen(): Promise<boolean> {
  finished = false;
  report.value = undefined;
  return openMachine();
}

const total = (): number => scriptOf(scenario.value).length;

/** Does it while the page says that it is at work. */
async function busily<Result>(body: () => Promise<Result>): Promise<Result> {
  setBusy(true);
  try {
    return await body();
  } finally {
    setBusy(false);
  }
}

type Look = (touched: Touched) => void;

/** Looks at what lines touched, if the selection goes with the run, or nothing is selected any more. */
function lookAlong(touched: Touched): void {
  if (following.value || observed.selected.value === undefined) lookAt(touched);
}

/** Goes to where so many lines have run; a line that is `shown` is played to the presentation. False if the machine is gone. */
export async function runTo(line: number, shown = false, look = lookAlong): Promise<boolean> {
  if (runtimeKind.value === 'threads') return runThreadsTo(line, shown, look);
  if (!isEquipped() && !(await reopen())) return false;
  return aimedAt(line, () => travelToLine(line, shown, look));
}

async function travelToLine(line: number, shown: boolean, look: Look): Promise<boolean> {
  const script = scriptOf(scenario.value);
  const from = playhead.value.line;
  const op = script[line - 1];
  if (!shown) presentation.settle();
  if (op !== undefined) {
    // First to where the line begins, for how things were before it.
    if (from !== line - 1 && !(await travel({ line: line - 1 }))) return false;
    if (cursor.value < line - 1) return true;
    const touched = touchedBy(op);
    if (shown && op.op !== 'spawn') look(touched);
    if (shown) observed.readNow();
    rememberWord(touched);
    if (shown) presentation.begin();
  }
  if (!(await travel({ line }))) return false;
  observed.readNow();
  presentation.tell();
  look(trailOf(script.slice(line > from ? from : 0, line)));
  return true;
}

async function runThreadsTo(line: number, shown: boolean, look: Look): Promise<boolean> {
  if ((!isEquipped() || finished || line < cursor.value) && !(await reopen())) return false;
  const from = cursor.value;
  const arrived = await aimedAt(line, async () => {
    while (cursor.value < line) if (!(await applyLine(shown, look))) return false;
    return true;
  });
  if (!arrived) return false;
  look(trailOf(scriptOf(scenario.value).slice(from, line)));
  return true;
}

/** Runs the next line on threads, which cannot be stopped in the middle of it. */
async function applyLine(shown: boolean, look: Look): Promise<boolean> {
  const at = cursor.value;
  const script = scriptOf(scenario.value);
  const op = script[at];
  if (op === undefined) return false;
  const touched = touchedBy(op);
  const isLast = at === script.length - 1;
  if (shown) {
    if (op.op !== 'spawn') look(touched);
    observed.readNow();
    presentation.begin();
  } else {
    presentation.settle();
  }
  if (shown || isLast) rememberWord(touched);
  const before = observed.countersNow();
  loop.awake = true;
  const outcome = await ask((machine) => machine.apply(op, shown || isLast));
  if (outcome === undefined) return false;
  if (changesProcesses(op)) {
    const names = await ask((machine) => machine.processes());
    if (names !== undefined) nameProcesses(names);
  }
  loop.awake = false;
  const grew: Record<string, number> = {};
  for (const [name, count] of Object.entries(observed.countersNow())) {
    grew[name] = count - (before[name] ?? 0);
  }
  batch(() => {
    known.note(at, { outcome, grew, after: observed.pteOf(touched), end: undefined });
    playhead.value = { ...playhead.value, line: at + 1 };
  });
  if (shown || isLast) observed.readNow();
  if (shown) presentation.tell();
  return true;
}

/** A hash of the machine's whole state; of a machine on threads there is none. */
export function imageHash(): Promise<string> {
  return enqueue(async () => {
    if (runtimeKind.value === 'threads') return '';
    return (await ask((machine) => machine.imageHash())) ?? '';
  });
}

/** Replaces the scenario and runs it: to its end, or to a line, or to an event. */
export function load(
  next: Scenario,
  lines = scriptOf(next).length,
  event?: number,
): Promise<boolean> {
  stopPlaying();
  close();
  return enqueue(async () => {
    batch(() => {
      scenario.value = next;
      problem.value = undefined;
      forgetHistory();
      lookNowhere();
    });
    if (!(await reopen())) return false;
    return busily(async () => {
      if (event === undefined || runtimeKind.value === 'threads') return runTo(lines);
      const journey = await travel({ events: event });
      observed.readNow();
      lookAt(trailOf(scriptOf(next).slice(0, cursor.value + 1)));
      return journey !== undefined;
    });
  });
}

/** Actions that have been asked for and still wait for those before them. */
export const waiting = signal(0);

/** Does actions now: they become lines where the playhead is, after the line that is under way there. */
export function perform(...ops: readonly Op[]): Promise<boolean> {
  return performWhenDue(() => ops);
}

/** The same for actions that are made when their turn has come, from the script as it is then. */
export function performWhenDue(make: () => readonly Op[]): Promise<boolean> {
  stopPlaying();
  waiting.value++;
  return enqueue(() =>
    busily(async () => {
      waiting.value--;
      const ops = make();
      if (finished && !(await runTo(cursor.value))) return false;
      if (!isOpen() || ops.length === 0) return false;
      if (playhead.value.under_way && !(await runTo(cursor.value + 1))) return false;
      remember(present());
      for (const op of ops) if (!(await performOne(op, ops.length === 1))) return false;
      keepDraft(scenario.value);
      return true;
    }),
  );
}

async function performOne(op: Op, shown: boolean): Promise<boolean> {
  const at = cursor.value;
  rewrite(withLine(scenario.value, at, op));
  // A visitor that does something looks at what it does.
  if (!(await runTo(at + 1, shown, lookAt))) return false;
  const record = known.lines()[at];
  if (record === undefined) return true;
  const refused = withRefusals(op, record.outcome);
  if (refused === undefined) return true;
  rewrite(withChangedLine(scenario.value, at, refused.op));
  if (runtimeKind.value === 'virtual') return runTo(at + 1);
  known.note(at, { ...record, outcome: refused.outcome });
  return true;
}

function present(): Version {
  return { scenario: scenario.value, lines: cursor.value };
}

/** Another version of the scenario takes the place of this one, and has run as far as it says. */
async function become({ scenario: next, lines }: Version): Promise<boolean> {
  const from = firstDifference(next, scenario.value);
  const { line, under_way } = playhead.value;
  const isAhead = from >= line + Number(under_way);
  rewrite(next);
  keepDraft(next);
  // Lines that are still to come may change without the machine hearing of it.
  if (isAhead && lines === line && isEquipped()) return true;
  // A virtual machine goes back to where the two differ; another machine has to be built.
  const needsAnother = from < 0 || (!isAhead && runtimeKind.value === 'threads');
  return (!needsAnother || (await reopen())) && (await runTo(lines));
}

/** Changes the scenario; the lines that had run have run again, unless it says how many. */
export function revise(
  change: (scenario: Scenario, lines: number) => Scenario | Version | undefined,
): Promise<boolean> {
  stopPlaying();
  return enqueue(() =>
    busily(async () => {
      const changed = change(scenario.value, cursor.value);
      if (changed === undefined) return false;
      remember(present());
      const version = 'lines' in changed ? changed : { scenario: changed, lines: cursor.value };
      const most = scriptOf(version.scenario).length;
      return become({ ...version, lines: Math.min(version.lines, most) });
    }),
  );
}

function travelBy(step: (present: Version) => Version | undefined): Promise<boolean> {
  stopPlaying();
  return enqueue(() =>
    busily(async () => {
      const version = step(present());
      return version !== undefined && become(version);
    }),
  );
}

/** Takes the last change of the scenario back. */
export const undo = () => travelBy(undone);
export const redo = () => travelBy(redone);

/** Goes to where so many lines have run. */
export function seek(line: number): Promise<boolean> {
  stopPlaying();
  return enqueue(() =>
    busily(async () => {
      const clamped = Math.max(0, Math.min(total(), line));
      return runTo(clamped, clamped === cursor.value + 1);
    }),
  );
}

export function removeLine(at: number): Promise<boolean> {
  return revise((now, lines) =>
    at < 0 || at >= scriptOf(now).length
      ? undefined
      : { scenario: withoutLine(now, at), lines: at < lines ? lines - 1 : lines },
  );
}

/** The playhead moves by itself no more. */
export function stopPlaying(): void {
  if (!playing.value) return;
  playing.value = false;
  void halt();
}

/** The worker has been told to stop and has not heard it yet; on a busy computer it may not run for seconds. */
export const stopping = signal(false);

/**
 * Ends what runs too long. A virtual machine stands where it has come to. On threads its machine is ended, and the lines
 * before run again on a new one; so it is where this is called again before the worker has heard.
 */
export async function stop(): Promise<boolean> {
  stopPlaying();
  if (runtimeKind.value === 'virtual' && isOpen() && !stopping.value) {
    stopping.value = true;
    await halt();
    stopping.value = false;
    return true;
  }
  const count = cursor.value;
  close();
  return enqueue(() => reopen().then((open) => open && busily(() => runTo(count))));
}

/** The engine broke where no machine was concerned: it could not be loaded, or could not read a scenario. */
export function engineFailed(error: unknown): void {
  fail({ worker: 'engine', message: messageOf(error) });
}

/** A machine for the same script, up to the line that broke the last one; the page anew if there never was one. */
export function restart(withoutTheLine: boolean): Promise<boolean> {
  if (!hasOpened()) {
    location.reload();
    return Promise.resolve(false);
  }
  // A virtual machine may have been on its way to the line that broke it.
  const count = status.value.kind === 'failed' ? status.value.line : cursor.value;
  return enqueue(async () => {
    if (withoutTheLine && count < total()) rewrite(withoutLine(scenario.value, count));
    return (await reopen()) && busily(() => runTo(count));
  });
}

/** Runs what is left of the script, audits, and reports. */
export function finish(): Promise<Report | undefined> {
  stopPlaying();
  return enqueue(() =>
    busily(async () => {
      if (!(await runTo(total()))) return undefined;
      // A virtual machine comes back to where it was; nobody watches it on the way.
      loop.held = true;
      const made = await ask((machine) => machine.finish());
      loop.held = false;
      if (made === undefined) return undefined;
      finished = runtimeKind.value === 'threads';
      if (!finished) observed.goneBack(playhead.value.time_ns);
      observed.readNow();
      report.value = made;
      return made;
    }),
  );
}
