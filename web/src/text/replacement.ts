// Words of the replacement of pages: the policy's queue, and the table of references by frames.

import type { PolicyName } from '../types/policy.ts';
import { number, plural } from './format.ts';

const WAYS: Readonly<Record<PolicyName, string>> = {
  fifo: 'The frame that has been active longest is evicted next, used or not.',
  clock:
    'The hand goes round: it clears the accessed bit of a frame, or evicts the frame if the bit is clear.',
  'clock-dirty':
    'The hand looks for a frame that is neither accessed nor dirty, then for one that is not accessed.',
  wsclock:
    'The hand spares what was used within the working set’s window, and evicts clean frames first.',
  sieve: 'The hand goes from old to new, and evicts the first frame whose accessed bit is clear.',
  lru: 'The frame that was used least recently is evicted next.',
  aging:
    'The frame with the lowest counter is evicted next; each tick shifts the accessed bit in from the left.',
  nru: 'Any frame of the lowest class is evicted: not accessed before accessed, clean before dirty.',
  random: 'Any frame may be evicted next.',
  rule: 'The scenario’s own rule says of each frame that the hand finds what becomes of it.',
};

const ENDS: Readonly<Record<PolicyName, readonly [string, string]>> = {
  fifo: ['oldest', 'newest'],
  clock: ['hand', 'passed last'],
  'clock-dirty': ['hand', 'passed last'],
  wsclock: ['hand', 'passed last'],
  sieve: ['oldest', 'newest'],
  lru: ['used longest ago', 'used last'],
  aging: ['lowest counter', 'highest'],
  nru: ['lowest class', 'highest'],
  random: ['by number', ''],
  rule: ['oldest', 'newest'],
};

export const replacementText = {
  replacement: {
    policies: {
      fifo: 'First in, first out',
      clock: 'Clock (second chance)',
      'clock-dirty': 'Clock with dirty bit',
      wsclock: 'WSClock',
      sieve: 'SIEVE',
      lru: 'Least recently used',
      aging: 'Aging',
      nru: 'Not recently used',
      random: 'Random',
      rule: 'A rule of your own',
    } as Readonly<Record<PolicyName, string>>,
    ways: WAYS,
    ends: ENDS,
    queue: (count: number) => `The policy’s queue: ${plural(count, 'active frame')}`,
    empty: 'No frame is active: nothing can be evicted.',
    tooMany: 'The queue is shown up to 4,096 frames.',
    hand: 'hand',
    next: 'next',
    /** One frame of the queue, for those who hear it. */
    cell: (
      frame: number,
      page: number,
      owners: string,
      {
        accessed,
        dirty,
        isNext,
        isAtHand,
      }: Readonly<Record<'accessed' | 'dirty' | 'isNext' | 'isAtHand', boolean>>,
      note: string,
    ) =>
      [
        `f${frame}: p${page}${owners === '' ? '' : ` of ${owners}`}`,
        ...(accessed ? ['accessed'] : []),
        ...(dirty ? ['dirty'] : []),
        ...(note === '' ? [] : [note]),
        ...(isAtHand ? ['the hand is here'] : []),
        ...(isNext ? ['evicted next'] : []),
      ].join(', '),
    counter: (bits: string) => `counter ${bits}`,
    class: (rank: number) => `class ${rank}`,
    more: (count: number) => `and ${number(count)} more`,
    nextIs: (frame: number, page: number) => `Next victim: f${frame} (p${page})`,
    nextIsForTheRule: 'Which frame is next, the rule says when the hand looks.',
    nextIsOneOf: (count: number) => `Next victim: one of ${number(count)}`,
    matrix: {
      title: (process: string) => `References of ${process} by frames`,
      of: (process: string) => `references of ${process}`,
      none: 'No reference of this process is known. Run a read or a write.',
      noProcess: 'Select a process to see its references.',
      threads: 'On threads not every reference is recorded: run on virtual CPUs to see this table.',
      page: 'page',
      fault: 'fault',
      out: 'evicted',
      mark: 'F',
      frame: (frame: number) => `f${frame}`,
      pageNumber: (page: number) => `p${page}`,
      trimmed: 'trimmed, still in the frame',
      came: 'came with this reference',
      write: 'write',
      read: 'read',
      hit: 'hit',
      column: (page: number, access: string, outcome: string) => `p${page}, ${access}: ${outcome}`,
      select: 'Evicted here: select the page',
      go: 'Go to where this reference begins',
      count: (faults: number, references: number) =>
        `${plural(faults, 'fault')} in ${plural(references, 'reference')}`,
      kept: (columns: number, rows: number) =>
        `The latest ${number(columns)} references and ${number(rows)} frames are shown; of workloads only the references that fault are recorded.`,
      columnsBefore: (count: number) => `${plural(count, 'earlier reference')} not shown`,
      framesBeside: (count: number) => `${plural(count, 'frame')} not shown`,
      svg: 'SVG',
      text: 'Text',
      saveSvg: 'Save the table as SVG',
      saveText: 'Save the table as text',
    },
  },
};
