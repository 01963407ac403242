// Words of locks: their classes, their costs, and the wait-for graph.

import type { LockClass } from '../engine/locks.ts';
import { duration, plural } from './format.ts';

export const locksText = {
  lockClasses: {
    process: 'process',
    pte: 'PTE',
    pfn: 'PFN',
    tree: 'tree',
    list: 'list',
    slot: 'slot',
  } satisfies Record<LockClass, string>,
  locks: {
    classesCaption: 'What the locks of each class have cost',
    columns: ['Lock', 'acquired', 'contended', '% contended', 'total wait', 'total held'],
    classNames: {
      process: 'Process',
      pte: 'PTE region',
      pfn: 'PFN',
      tree: 'Tree',
      list: 'List',
      slot: 'Slots',
    } satisfies Record<LockClass, string>,
    rowName: (owner: number | string) => (typeof owner === 'number' ? `CPU ${owner}` : owner),
    lockName: (
      kind: string,
      at: number,
      {
        process,
        pages,
        list,
      }: { process: string | undefined; pages: number; list: string | undefined },
    ) => {
      if (kind === 'pte') {
        const owner = process ?? 'process';
        if (pages === 0) return 'all PTEs';
        return pages === 1 ? `PTE ${owner} ${at}` : `PTEs ${owner} ${at}–${at + pages - 1}`;
      }
      if (kind === 'pfn') return `frame ${at}`;
      if (kind === 'list') return `list ${list ?? at}`;
      if (kind === 'slot') return at === 0 ? 'slots' : `slot cluster ${at - 1}`;
      return at === 0 ? kind : `family ${at - 1}`;
    },
    waitsCaption: (isCircular: boolean) =>
      isCircular ? 'Wait-for graph: a deadlock' : 'Wait-for graph',
    holderUnknown: 'unknown',
    handedOver: 'handed over',
    regions: (process: string) => `Locks of the regions of ${process}`,
    regionsOf: (process: string, count: number, pages: number, metric: 'wait' | 'hold') =>
      `${process}: ${plural(count, 'region')} of ${plural(pages, 'page')}, by time ${metric === 'wait' ? 'waited' : 'held'}`,
    pages: (first: number, last: number) =>
      first === last ? `page ${first}` : `pages ${first}–${last}`,
    regionCost: (waits: number, ns: number, metric: 'wait' | 'hold') =>
      metric === 'wait' ? `${plural(waits, 'wait')}, ${duration(ns)}` : `held ${duration(ns)}`,
  },
};
