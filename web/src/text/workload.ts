// Words of fields, patterns and policies that forms share.

import { number, rangeOf } from './format.ts';

export const workloadText = {
  fields: {
    pages: 'Pages',
    page: 'Page',
    offset: 'Offset',
    value: 'Value',
    pattern: 'Pattern',
    accesses: 'Accesses',
    writes: 'Writes',
    cpus: 'CPUs',
    seed: 'Seed',
    coherence: 'A word that another CPU has written costs the transfer of its cache line',
    frames: 'Frames',
    slots: 'Swap slots',
    runtime: 'Runtime',
    policy: 'Replacement policy',
    stride: 'Stride',
    trace: 'Program',
    skew: 'Skew',
    references: 'Pages, as in 7 0 1 3w (w: written)',
    from: 'First page',
    to: 'Last page',
    title: 'Title',
    speed: 'Speed',
    /** What a number may be, where it is not. */
    range: (least: number, most: number, step: number) =>
      `${rangeOf(least, most)}${step > 1 ? `, in steps of ${number(step)}` : ''}`,
  },
  patterns: {
    sequential: 'Sequential',
    uniform: 'Uniform',
    stride: 'Strided',
    zipf: 'Zipf',
    phases: 'In phases',
    pages: 'A reference string',
    trace: 'A recorded program',
  } as const,
  runtimes: {
    virtual: 'Virtual CPUs: deterministic, in virtual time',
    threads: 'Threads: real parallel CPUs, one worker each',
  },
};
