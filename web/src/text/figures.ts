// Words of figures: counters, faults and their times, rates and flows.

import type { FAULT_KINDS, FAULT_PHASES } from '../generated/machine.ts';
import type { CounterName } from '../generated/types.d.ts';
import { duration, number, plural, type WordEach } from './format.ts';

/** A word for each kind of fault. */
type Words = WordEach<typeof FAULT_KINDS>;
const faultWords: Words = ['failed', 'demand-zero', 'soft', 'hard', 'write-protect', 'collided'];
/** What a fault of each kind does when it fills its frame. */
const fillWords: Words = ['fill', 'zero', 'fill', 'read from swap', 'copy', 'fill'];

export const figuresText = {
  flows: {
    demand_zero: (count: number) => `${number(count)} zeroed`,
    copies: (count: number) => `${number(count)} copied`,
    swap_writes: (count: number) => `${number(count)} written to swap`,
    swap_reads: (count: number) => `${number(count)} read from swap`,
  },
  counters: {
    accesses: 'Accesses',
    faults: 'Faults',
    demand_zero: 'Demand-zero',
    soft: 'Soft faults (rescued)',
    hard: 'Hard faults (from swap)',
    write_protect: 'Write-protect',
    copies: 'Copies',
    reuses: 'Reused without copying',
    collided: 'Collided',
    retries: 'Retries',
    evictions: 'Evictions',
    swap_reads: 'Swap reads',
    read_ahead: 'Read ahead',
    read_ahead_hits: 'Read ahead and found',
    read_ahead_misses: 'Read ahead for nothing',
    swap_writes: 'Swap writes',
    clean_drops: 'Evicted without a write',
    trim_wakeups: 'Trimmer wake-ups',
    useful_wakeups: 'Useful wake-ups',
    trims: 'Trimmed',
    examined: 'Frames examined',
    slots_examined: 'Slots examined',
    shootdowns: 'Shootdowns',
    frame_waits: 'Waits for a free frame',
    switches: 'Switches',
  } satisfies Record<CounterName | 'switches', string> as Record<string, string>,
  faults: {
    none: 'No fault yet.',
    notRecorded: (seen: number, isThreads: boolean) =>
      `${plural(seen, 'fault')} so far. ${
        isThreads
          ? 'On threads only a sample is timed, and none of it is in the rings of events now.'
          : 'None of them is in the rings of events now: go back to the start and run again to list them.'
      }`,
    caption: 'Recent page faults, newest first',
    kinds: faultWords,
    kind: 'Fault',
    phases: ['lock', 'find', 'fill', 'map', 'wait'] satisfies WordEach<
      typeof FAULT_PHASES
    > as readonly string[],
    write: 'write',
    read: 'read',
    lane: (cpu: number) => `CPU ${cpu}`,
    tick: (ns: number, sinceFirst: number) =>
      sinceFirst === 0 ? duration(ns) : `+ ${duration(sinceFirst)}`,
    tapeLabel: (faults: number) => `${plural(faults, 'fault')} on the timeline, one lane a CPU`,
    virtualTime: 'virtual time',
    measuredTime: 'measured time',
  },
  meters: {
    label: 'Rates now',
    names: { faults: 'faults', accesses: 'accesses', waits: 'lock waits' },
  },
  timing: {
    virtualTime: 'modelled nanoseconds',
    sampledTime: 'measured nanoseconds, sampled',
    inSteps: (unit: string, step: number) =>
      step === 0 ? unit : `${unit}; the browser’s clock moves by ${duration(step)}`,
    latest: 'the latest; choose another in the list of faults',
    partsCaption: 'Parts of the fault, how long each took and its share',
    afterWalk: (ns: number) => `, after a walk of ${duration(ns)}`,
    part: (part: string, kind: number) =>
      ({
        walk: 'page-table walk',
        begin: 'trap and entry',
        lock: 'lock acquisition',
        wait: 'wait for locks',
        find: 'find a frame',
        fill: fillWords[kind] ?? 'fill',
        map: 'map',
        await: 'wait for a frame or another fault',
      })[part] ?? part,
    quantilesCaption: (unit: string) => `How long faults took, by kind, in ${unit}`,
    timed: 'timed',
    chartLabel: (unit: string) =>
      `Distribution of the durations of each kind of fault, in ${unit}; the table has the same in numbers`,
  },
};
