// Makes the scenario that a trace is opened with: one process with as many pages, and a run of the trace in half as many
// frames. A short trace stands in the scenario itself, so that a link has it. Pure.

import type { MachineOptions, Op, Scenario } from '../../generated/types.d.ts';
import { text } from '../../text/text.ts';
import type { AttachedTrace } from '../../types/attached-trace.ts';
import type { RecordedProgram } from '../../types/recorded-program.ts';

/** The most references that stand in the scenario itself. */
export const SHORT = 2000;
/** The most pages of a process, which is what two levels of page tables with 512 entries map. */
export const MOST_PAGES = 512 * 512;
/** As many frames, 64 MiB, are taken from the browser at most. */
const MOST_FRAMES = 16_384;
/** A program of fewer pages is a textbook's string: nothing works ahead of its faults. */
const TEXTBOOK_PAGES = 32;

/** Half of the program's pages have a frame. */
function framesFor(pages: number): number {
  return Math.min(MOST_FRAMES, Math.max(1, Math.ceil(pages / 2)));
}

function machineFor(pages: number): MachineOptions {
  return {
    data_frames: framesFor(pages),
    slots: pages + 64,
    cpus: 1,
    reads: 'allocate',
    ...(pages < TEXTBOOK_PAGES && { eviction: 'synchronous', zeroer: false }),
  };
}

type References = Extract<Extract<Op, { op: 'run' }>['pattern'], { pages: unknown }>['pages'];

/** The references of a trace's text, as a scenario has them: `7` and `"7w"`. */
export function referencesIn(text: string): References {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => (line.endsWith('w') ? line : Number(line))) as unknown as References;
}

type Replay = Pick<Extract<Op, { op: 'run' }>, 'pattern' | 'accesses'>;

/** One process that runs references to so many pages. */
function running(process: string, pages: number, replay: Replay): Scenario {
  return {
    faultline: 1,
    machine: machineFor(pages),
    runtime: { kind: 'virtual', seed: 1 },
    script: [
      { op: 'spawn', as: process, pages },
      { op: 'run', process, ...replay },
    ],
  };
}

/** How many accesses there are tells how much of the run is done. */
const byName = (trace: string, accesses: number): Replay => ({ pattern: { trace }, accesses });

/** The scenario of a trace; `references` are there if it is short. */
export function scenarioOf(trace: AttachedTrace, references?: References): Scenario {
  const { name, pages } = trace;
  const replay =
    references === undefined ? byName(name, trace.references) : { pattern: { pages: references } };
  const { title, about } = text.traces;
  return { ...running(name, pages, replay), title: title(trace), about: about(trace) };
}

/** The scenario of a recorded program that comes with the page. */
export function scenarioOfProgram(program: RecordedProgram): Scenario {
  const { name, pages, references } = program;
  const { programTitle, programAbout } = text.traces;
  return {
    ...running(name, pages, byName(name, references)),
    title: programTitle(program),
    about: programAbout(program),
  };
}

/**
 * One page in how many has to be taken of a trace so that it has at most so many bytes and pages: a power of two, and 1
 * if all of it may be.
 */
export function samplingFor(
  { bytes, pages, onePageIn }: Pick<AttachedTrace, 'bytes' | 'pages' | 'onePageIn'>,
  mostBytes: number,
): number {
  if (bytes <= mostBytes && pages <= MOST_PAGES) return onePageIn;
  // A sample is never exactly as large as its share.
  const excess = Math.max((bytes / mostBytes) * 1.25, (pages / MOST_PAGES) * 1.05);
  return onePageIn * 2 ** Math.max(1, Math.ceil(Math.log2(excess)));
}
