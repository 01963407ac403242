// Opens traces: reads a file, attaches what was read, and opens the scenario that is made for it; or gives a scenario the
// trace that it lacks. A file that is refused changes nothing.

import { batch, computed, signal } from '@preact/signals';
import type { TraceFormat } from '../../engine/trace-messages.ts';
import { type ReadTrace, RefusedTrace, readTrace } from '../../engine/trace-reader.ts';
import type { Scenario } from '../../generated/types.d.ts';
import { nameOfFile } from '../../share/trace-name.ts';
import type { AttachedTrace } from '../../types/attached-trace.ts';
import type { RecordedProgram } from '../../types/recorded-program.ts';
import { attachedTraces } from '../library/attached-traces.ts';
import { keepDraft, leaveDraft } from '../library/drafts.ts';
import { knownTraces } from '../library/reference-traces.ts';
import type { UnnamedTrace } from '../library/trace-collection.ts';
import { reducedMotion } from '../page/settings.ts';
import { LatestTask } from '../run/latest-task.ts';
import { problem, scenario } from '../run/open-machine.ts';
import { load } from '../run/session.ts';
import { play } from '../run/transport.ts';
import { tracesIn } from '../script/document.ts';
import {
  referencesIn,
  SHORT,
  samplingFor,
  scenarioOf,
  scenarioOfProgram,
} from '../script/trace-scenario.ts';
import { brokenLink, leaveVisit, unread } from './links.ts';

/** The most bytes of a trace's text that a machine is given, as on the command line. */
export const MOST_BYTES = 64 << 20;

/** How a trace is to be read. */
interface Wish {
  /** The name that a scenario asks for. */
  readonly as?: string | undefined;
  /** The bytes of a page. */
  readonly pageSize: number;
  readonly onePageIn: number;
  /** What the visitor says of a file that was not recognised. */
  readonly format: TraceFormat;
}

const USUAL: Wish = { pageSize: 4096, onePageIn: 1, format: {} };

type Opening =
  | {
      readonly kind: 'reading';
      readonly file: File;
      readonly bytes: number;
      readonly references: number;
    }
  | {
      readonly kind: 'refused';
      readonly file: File;
      readonly message: string;
      readonly wish: Wish;
    }
  | {
      readonly kind: 'too-large';
      readonly file: File;
      readonly trace: UnnamedTrace;
      readonly wish: Wish;
      /** The sample that is small enough. */
      readonly onePageIn: number;
    }
  | {
      readonly kind: 'not-kept';
      readonly file: File;
      readonly trace: AttachedTrace;
      readonly wish: Wish;
      readonly onePageIn: number | undefined;
    };

/** The trace that is being read, or what became of it. */
export const opening = signal<Opening | undefined>(undefined);

const task = new LatestTask();

/** Ends the reading; what is open stays. */
export function stopReading(): void {
  task.end();
  opening.value = undefined;
}

/** The name of the trace that the scenario asks for and that is not there, if that is why there is no machine. */
export const missingTrace = computed<string | undefined>(() => {
  if (!problem.value?.path.endsWith('/pattern/trace')) return undefined;
  const isMissing = (name: string) => !knownTraces.value.includes(name);
  return unread.value === undefined ? tracesIn(scenario.value).find(isMissing) : undefined;
});

/** Opens a trace. One whose file is called as the trace that the scenario lacks is that trace. */
export async function openTrace(file: File, wish: Partial<Wish> = {}): Promise<void> {
  const lacking = missingTrace.value;
  const isLacking = lacking !== undefined && nameOfFile(file.name) === lacking;
  const wanted = { ...USUAL, ...(isLacking && { as: lacking }), ...wish };
  const signal = task.begin();
  opening.value = { kind: 'reading', file, bytes: 0, references: 0 };
  try {
    const read = await readTrace(
      file,
      {
        ...wanted.format,
        ...{ page_size: wanted.pageSize, one_page_in: wanted.onePageIn, room: MOST_BYTES },
      },
      signal,
      (bytes, references) => {
        if (!signal.aborted) opening.value = { kind: 'reading', file, bytes, references };
      },
    );
    await take(file, read, wanted, signal);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof RefusedTrace)) throw error;
    opening.value = { kind: 'refused', file, message: error.message, wish: wanted };
  }
}

async function take(
  file: File,
  { found, text }: ReadTrace,
  wish: Wish,
  signal: AbortSignal,
): Promise<void> {
  const trace: UnnamedTrace = { ...found, file: file.name, onePageIn: wish.onePageIn };
  const onePageIn = samplingFor(trace, MOST_BYTES);
  if (onePageIn > wish.onePageIn) {
    opening.value = { kind: 'too-large', file, trace, wish, onePageIn };
    return;
  }
  const attached = await attachedTraces.attach(trace, text, wish.as);
  if (signal.aborted) return;
  opening.value = attached.isKept ? undefined : await notKept(file, attached.trace, wish);
  if (wish.as === undefined) await openScenarioOf(attached.trace);
  else await load(scenario.value);
}

/** A trace that lasts as long as the page, with a sample that the browser has room for. */
async function notKept(file: File, trace: AttachedTrace, wish: Wish): Promise<Opening> {
  const room = await attachedTraces.room();
  const onePageIn = room > 0 ? samplingFor(trace, room) : 1;
  const helps = onePageIn > wish.onePageIn && trace.pages > onePageIn;
  return { kind: 'not-kept', file, trace, wish, onePageIn: helps ? onePageIn : undefined };
}

/** Opens the scenario of a trace and plays it. */
export async function openScenarioOf(trace: AttachedTrace): Promise<void> {
  const isShort = trace.references <= SHORT;
  const text = isShort ? await attachedTraces.textOf(trace.name) : undefined;
  await openMade(scenarioOf(trace, text === undefined ? undefined : referencesIn(text)));
}

/** Opens the scenario of a recorded program that comes with the page. */
export function openProgram(program: RecordedProgram): Promise<void> {
  return openMade(scenarioOfProgram(program));
}

/** Opens a scenario that was made here, and plays it from where its first lines have run, which start processes. */
export async function openMade(next: Scenario, started = 1): Promise<void> {
  batch(() => {
    brokenLink.value = undefined;
    unread.value = undefined;
  });
  leaveDraft();
  leaveVisit();
  // It is the visitor's own from now on, and a reload comes back to it.
  keepDraft(next);
  // Not again from the beginning, if the visitor has gone to the end meanwhile.
  if ((await load(next, started)) && !reducedMotion.value) void play(false);
}

/** Reads the file that was refused again, as the visitor says that it is. */
export async function openAs(format: TraceFormat): Promise<void> {
  const now = opening.value;
  if (now?.kind === 'refused') await openTrace(now.file, { ...now.wish, format });
}

/** Reads the same file again, and takes a sample of it. */
export async function openSample(): Promise<void> {
  const now = opening.value;
  if (now === undefined || !('onePageIn' in now) || now.onePageIn === undefined) return;
  if (now.kind === 'not-kept') await attachedTraces.remove(now.trace.name);
  await openTrace(now.file, { ...now.wish, onePageIn: now.onePageIn });
}
