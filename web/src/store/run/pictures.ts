// Has counted what pictures of the scenario's references show, and takes the machine to a reference that is chosen in one.

import { computed, signal } from '@preact/signals';
import { type AskHeat, picture } from '../../engine/pictures.ts';
import type {
  Grain,
  Pictured,
  TraceHeat,
  TracePart,
  TraceReuse,
  TraceWorkingSet,
} from '../../engine/pictures-messages.ts';
import { observed } from '../machine/observation.ts';
import { scriptOf } from '../script/document.ts';
import { LatestTask } from './latest-task.ts';
import { runtimeKind, scenario } from './open-machine.ts';
import { known, playhead } from './playhead.ts';
import { fileOfRun, nameOf, replayable } from './replayed.ts';
import { goTo } from './transport.ts';

export interface Pictures {
  /** The trace, or the process that runs a reference string. */
  readonly name: string;
  readonly trace?: Pictured;
  readonly heat?: TraceHeat;
  readonly sets?: readonly TraceWorkingSet[];
  readonly reuse?: TraceReuse;
  readonly message?: string;
}

export const pictures = signal<Pictures | undefined>(undefined);

/** How finely it is counted: a cell is a few pixels, and the table has as many rows as one reads. */
const GRAIN: Grain = { columns: 320, rows: 120, stretches: 12 };
const STRETCHES = 240;

const task = new LatestTask();
let ask: AskHeat | undefined;

export function endPictures(): void {
  task.end();
  ask = undefined;
  pictures.value = undefined;
}

/** Counts what the pictures show; it appears as it is counted. */
export async function countPictures(): Promise<void> {
  const run = replayable.value;
  if (run === undefined) return;
  const signal = task.begin();
  const name = nameOf(run);
  pictures.value = { name };
  const tell = (change: Partial<Pictures>) => {
    if (!signal.aborted && pictures.value !== undefined)
      pictures.value = { ...pictures.value, ...change };
  };
  const file = await fileOfRun(run);
  if (signal.aborted) return;
  if (file === undefined) return tell({ message: `there is no trace ${name}` });
  ask = picture(file, STRETCHES, signal, (answer) => {
    const { kind: _, ...told } = answer;
    if ('references' in told) {
      tell({ trace: told });
      showPart(wholeOf(told));
    } else {
      tell(told);
    }
  });
}

/** All of a trace. */
export function wholeOf({ references, pages }: Pictured): TracePart {
  return { first: 0, end: references, first_place: 0, end_place: pages };
}

/** Shows a part of the references, as far as there are any. */
export function showPart(part: TracePart): void {
  ask?.(part, GRAIN);
}

/** The line of the script that the machine can be taken to a reference of: on threads no place comes twice. */
const line = computed<number | undefined>(() => {
  const run = replayable.value;
  if (run === undefined || runtimeKind.value === 'threads') return undefined;
  const index = scriptOf(scenario.value).indexOf(run);
  return index < 0 ? undefined : index;
});

export const canTravel = computed(() => line.value !== undefined);

const accesses = () => observed.countersNow().accesses ?? 0;

/** The accesses before the line, as soon as they are known. */
const before = signal<number | undefined>(undefined);

/** The reference that the machine has come to, if it stands in the line that makes them. */
export const present = computed<number | undefined>(() => {
  observed.version.value;
  const { line: at, under_way } = playhead.value;
  if (line.value === undefined || at !== line.value || !under_way) return undefined;
  return line.value === 0 || before.value !== undefined
    ? accesses() - (before.value ?? 0)
    : undefined;
});

/** How often it is guessed when a reference was made. */
const GUESSES = 12;

/**
 * Takes the machine to a reference, or to one that is at most `near` away: when it was made is searched for, because
 * accesses that hit are no events.
 */
export async function goToReference(reference: number, near: number): Promise<void> {
  const index = line.value;
  if (index === undefined) return;
  const end = known.lines()[index]?.end;
  if (!(await goTo({ line: index }))) return;
  const start = accesses();
  before.value = start;
  let low = { time: playhead.value.time_ns, count: 0 };
  if (end === undefined && !(await goTo({ line: index + 1 }))) return;
  const made = known.lines()[index];
  if (made?.end === undefined) return;
  let high = { time: made.end.time_ns, count: made.grew.accesses ?? 0 };
  for (let guess = 0; guess < GUESSES && high.count > low.count; guess++) {
    // Faults make time uneven: every other guess halves what is left.
    const share = guess % 2 === 0 ? (reference - low.count) / (high.count - low.count) : 0.5;
    const time = Math.round(low.time + Math.min(1, Math.max(0, share)) * (high.time - low.time));
    if (!(await goTo({ time_ns: time }))) return;
    const count = accesses() - start;
    if (Math.abs(count - reference) <= near) return;
    if (count < reference) low = { time, count };
    else high = { time, count };
  }
}
