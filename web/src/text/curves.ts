// Words of miss ratio curves.

import { number, percent, plural } from './format.ts';

const SHORT = {
  fifo: 'FIFO',
  clock: 'Clock',
  lru: 'LRU',
  sieve: 'SIEVE',
  's3-fifo': 'S3-FIFO',
  arc: 'ARC',
  opt: 'OPT',
};

export const curvesText = {
  curves: {
    title: 'Miss ratio curves',
    note: 'How often each replacement policy faults on these references in memories of many sizes. The references alone are analysed, with no machine behind them: no page tables, daemons or other processes. Choose a size, and the machine gets so many frames for data.',
    names: { ...SHORT, opt: 'OPT, the optimal policy' },
    short: SHORT,
    of: (name: string, references: number, pages: number) =>
      `${name}: ${plural(references, 'reference')} to ${plural(pages, 'page')}`,
    counting: (done: number, all: number) =>
      `Counting: ${done} of ${plural(all, 'policy', 'policies')}`,
    failed: (message: string) => `They could not be counted: ${message}.`,
    chart: (name: string) => `Miss ratios of ${name} by frames; the table below has the numbers`,
    frames: 'Frames',
    axis: 'frames for data',
    captions: { counts: 'Faults', ratios: 'Faults for each reference' },
    count: number,
    choose: (frames: number) => `Give the machine ${plural(frames, 'frame')} for data`,
    size: number,
    present: 'now',
    ratio: percent,
    legend: 'Policies that are drawn',
  },
};
