// Words of the picture of thrashing.

import { number, percent, plural, rate } from './format.ts';

export const thrashingText = {
  thrashing: {
    title: 'Thrashing: useful work over the number of processes',
    note: 'The scenario’s program runs in one process, in two, and so on, each on a virtual CPU of its own, all in one memory of the same size. Useful work, the accesses of all processes in a second, rises with each until the pages that they work on at a time no longer fit. Then they wait for each other’s pages to come and go, and less gets done: the machine thrashes (Denning 1968). Choose a number, and the machine gets so many processes.',
    open: 'Another picture: thrashing, in more and more processes on one memory',
    usual: 'A working set that moves',
    noProgram: 'The scenario runs no program, so this is another one.',
    of: (name: string, pages: number, accesses: number, frames: number) =>
      `${name}: ${plural(pages, 'page')} and ${plural(accesses, 'access', 'accesses')} in each process, ${plural(frames, 'frame')} for all`,
    most: 'Processes, at most',
    frames: 'Frames',
    measure: 'Measure',
    stop: 'Stop',
    measuring: (done: number, all: number) => `${done} of ${plural(all, 'machine')} measured…`,
    failed: (message: string) => `It could not be measured: ${message}.`,
    knee: (processes: number, thrashing: number) =>
      `The knee is at ${plural(processes, 'process', 'processes')}: so many do the most useful work, and ${number(thrashing)} at least a tenth less.`,
    noKnee: 'There is no knee: useful work falls nowhere by a tenth.',
    work: {
      title: 'Useful work: accesses a second',
      label: (name: string) =>
        `Accesses a second of ${name} over the number of processes; the table below has the numbers`,
      line: 'accesses',
    },
    use: {
      title: 'CPU use',
      label: (name: string) =>
        `The share of the processes’ time that accesses of ${name} take, over the number of processes; the table below has the numbers`,
      line: 'CPU use',
    },
    faults: {
      title: 'Faults a second',
      label: (name: string) =>
        `Faults a second of ${name} over the number of processes; the table below has the numbers`,
      line: 'all',
      reads: 'from swap',
    },
    axis: 'processes',
    table: 'Each number of processes',
    processes: 'Processes',
    accesses: 'Accesses',
    cpuUse: 'CPU use',
    allFaults: 'Faults',
    reads: 'From swap',
    kneeMark: 'knee',
    choose: (processes: number) =>
      `Make the machine with ${plural(processes, 'process', 'processes')}`,
    number,
    percent,
    rate,
  },
};
