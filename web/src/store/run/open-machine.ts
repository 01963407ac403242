// Holds the one machine of the page: opens it for the scenario, closes it, and opens it again after a crash. What is
// done with it goes through one queue; closing a machine rejects whatever still waits for it, so a worker that died
// cannot hold the page.

import { batch, computed, signal } from '@preact/signals';
import { type Failure, Laboratory } from '../../engine/client.ts';
import type { HistorySubject } from '../../engine/messages.ts';
import { canShare } from '../../engine/sharing.ts';
import { runnable } from '../../engine/whole-run.ts';
import type { Line, Problem, Scenario } from '../../generated/types.d.ts';
import { presentation } from '../animation/presentation.ts';
import { knownTraces, tracesFor } from '../library/reference-traces.ts';
import { forget, nameProcesses, observe, observed } from '../machine/observation.ts';
import { loop } from '../page/loop.ts';
import { needsOtherFrames, takesData, withFramesSaid } from '../script/data-frames.ts';
import { commonLines, EMPTY, scriptOf, textOf, tracesIn } from '../script/document.ts';
import { rangeOf } from '../script/options.ts';
import { timeline } from '../timeline/timeline.ts';
import type { Breakdown } from './crash-report.ts';
import { known, playhead } from './playhead.ts';
import { swapPlace, wantsDisk } from './swap-place.ts';

type Status =
  | { readonly kind: 'closed' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'busy' }
  | ({ readonly kind: 'failed' } & Breakdown);

export const scenario = signal<Scenario>(EMPTY);
export const status = signal<Status>({ kind: 'closed' });
export const problem = signal<Problem | undefined>(undefined);

export const busy = computed(() => status.value.kind === 'busy' || status.value.kind === 'opening');

/** Whether an action can be asked for; while a line runs it waits its turn. */
export const usable = computed(() => ['ready', 'busy'].includes(status.value.kind));

/** What the machine runs on: without shared memory there are no threads, and virtual CPUs do their work. */
export const runtimeKind = computed(() =>
  canShare ? (scenario.value.runtime?.kind ?? 'virtual') : 'virtual',
);

const READY: Status = { kind: 'ready' };
const BUSY: Status = { kind: 'busy' };

export function setBusy(isBusy: boolean): void {
  if (usable.value) status.value = isBusy ? BUSY : READY;
}

/** A machine may say so many frames, or more. */
const LEAST_FRAMES = rangeOf('frames').least;

/** The scenario for which the machine was opened. */
let openedFor: Scenario = EMPTY;

/**
 * The scenario as it has to be for a script with other page tables than its machine has frames for. A machine that
 * has been used keeps its frames, so that what has happened stays; but as few as some textbooks have no scenario may
 * say, and one that has not been used gets what its script needs: these become another machine.
 */
function withFramesFor(next: Scenario): Scenario {
  const frames = observed.machine.value?.layout.frames;
  const isOpenMachine = frames !== undefined && next.machine === scenario.value.machine;
  if (!isOpenMachine || !needsOtherFrames(scenario.value, next)) return next;
  const { line, under_way } = playhead.value;
  const isUsed = takesData(scriptOf(scenario.value).slice(0, line + Number(under_way)));
  return isUsed && frames >= LEAST_FRAMES ? withFramesSaid(next, frames) : next;
}

/** The script is another from some line on: what was known of the run from there is known no more. */
export function rewrite(next: Scenario): void {
  const fitting = withFramesFor(next);
  batch(() => {
    known.truncate(commonLines(scriptOf(scenario.value), scriptOf(next)));
    scenario.value = fitting;
  });
}

let laboratory: Laboratory | undefined;
/** The traces that the machine was built with. */
let attached: Readonly<Record<string, string>> = {};
/** Counts machines, so that what was meant for an earlier one is dropped. */
let machines = 0;
export const era = (): number => machines;
/** Rejects when the present machine is closed: nothing waits for a worker that is gone. */
let gone: Promise<never>;
let abandon: () => void;
let queue: Promise<unknown> = Promise.resolve();
let openedOnce = false;

/** Whether there ever was a machine. */
export const hasOpened = (): boolean => openedOnce;
export const isOpen = (): boolean => laboratory !== undefined;

/**
 * Whether there is a machine that can run the script: a trace that came into it later is not attached to it, and page
 * tables that came into it later would take frames that are for data.
 */
export function isEquipped(): boolean {
  const isThere = (name: string) =>
    Object.hasOwn(attached, name) || !knownTraces.value.includes(name);
  return (
    isOpen() &&
    !needsOtherFrames(openedFor, scenario.value) &&
    tracesIn(scenario.value).every(isThere)
  );
}

/** The history of a page, a frame or a slot of the machine that is open; none while there is none. */
export async function why(subject: HistorySubject): Promise<Line[]> {
  return laboratory === undefined ? [] : laboratory.why(subject);
}

/** One thing at a time, in the order asked for. */
export function enqueue<Result>(task: () => Promise<Result>): Promise<Result> {
  const result = queue.then(task, task);
  queue = result.catch(() => undefined);
  return result;
}

function renewEra(): void {
  machines++;
  gone = new Promise((_, reject) => {
    abandon = () => reject(new Error('the machine was closed'));
  });
  gone.catch(() => undefined);
}

renewEra();

function whileOpen<Result>(promise: Promise<Result>): Promise<Result> {
  return Promise.race([promise, gone]);
}

export function close(): void {
  abandon();
  renewEra();
  laboratory?.close();
  laboratory = undefined;
  swapPlace.value = undefined;
  loop.awake = false;
  loop.held = false;
  presentation.settle();
  timeline.clear();
  forget();
}

/** The machine is lost, and the scenario is kept. */
export function fail({ worker, message, line = playhead.value.line }: Failure): void {
  close();
  status.value = { kind: 'failed', worker, message, line };
}

/** Asks the machine. Nothing if there is none, or if it breaks or is closed meanwhile. */
export async function ask<Result>(
  question: (machine: Laboratory) => Promise<Result>,
): Promise<Result | undefined> {
  if (laboratory === undefined) return undefined;
  const mine = machines;
  try {
    return await whileOpen(question(laboratory));
  } catch (error) {
    if (mine === machines) fail({ worker: 'engine', message: messageOf(error) });
    return undefined;
  }
}

/** A machine at boot, for the scenario as it is. False if there is none: the status says why. */
export async function openMachine(): Promise<boolean> {
  close();
  openedFor = scenario.value;
  const mine = machines;
  batch(() => {
    status.value = { kind: 'opening' };
    known.clear();
  });
  try {
    const document = textOf(runnable(scenario.value));
    const traces = await whileOpen(tracesFor(document));
    attached = traces;
    const onFailure = (failure: Failure) => {
      if (mine === machines) fail(failure);
    };
    const opening = Laboratory.open(document, onFailure, {
      traces,
      disk: wantsDisk.peek(),
      onCopy: () => loop.request(),
      onRecorded: (recorded) => {
        if (mine === machines) timeline.hear(recorded);
      },
    });
    // A machine that comes when nobody waits for it any more is closed at once.
    opening.then(
      (late) => {
        if (mine !== machines) late.close();
      },
      () => undefined,
    );
    laboratory = await whileOpen(opening);
    openedOnce = true;
    swapPlace.value = laboratory.swap;
    observe(laboratory.views);
    timeline.begin(laboratory.views, !laboratory.travels);
    nameProcesses(await whileOpen(laboratory.processes()));
    status.value = READY;
    loop.request();
    return true;
  } catch (error) {
    if (mine === machines) {
      close();
      const found = asProblem(error);
      batch(() => {
        if (found !== undefined) {
          problem.value = found;
          status.value = { kind: 'closed' };
        } else {
          fail({ worker: 'engine', message: messageOf(error) });
        }
      });
    }
    return false;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function asProblem(error: unknown): Problem | undefined {
  if (typeof error !== 'object' || error === null || !('path' in error)) return undefined;
  const { path, found, legal, message } = error as Problem;
  return { path, found, legal, message };
}
