// Makes the scenario that a trace is opened with: one process with as many pages, and a run of the trace in half as many
// frames. A short trace stands in the scenario itself, so that a link has it. Pure.

import type { MachineOptions, Op, Scenario } from '../../generated/types.d.ts';
import { text } from '../../text/text.ts';
import type { AttachedTrace } from '../../types/attached-trace.ts';

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
    .filter((line) => line !== '')
    .map((line) => (line.endsWith('w') ? line : Number(line))) as unknown as References;
}

/** The scenario of a trace; `references` are there if it is short. */
export function scenarioOf(trace: AttachedTrace, references?: References): Scenario {
  const { name, pages } = trace;
  const run: Omit<Extract<Op, { op: 'run' }>, 'op' | 'process'> = references === undefined
    ? // How many there are tells how much of the run is done.
      { pattern: { trace: name }, accesses: trace.references }
    : { pattern: { pages: references } };
  return {
    faultline: 1,
    title: text.traces.title(trace),
    about: text.traces.about(trace),
    machine: machineFor(pages),
    runtime: { kind: 'virtual', seed: 1 },
    script: [
      { op: 'spawn', as: name, pages },
      { op: 'run', process: name, ...run },
    ],
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
