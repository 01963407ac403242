// Words of page tables side by side, and of frames in the order of their lists.

import { FRAME_STATES } from '../generated/machine.ts';
import { capitalized, number, plural } from './format.ts';

export const listsText = {
  tables: {
    of: (name: string) => `Page table of ${name}`,
    beside: 'put beside',
    hide: (name: string) => `Hide the page table of ${name}`,
    show: (page: number, name: string) => `Show page ${page} in the table of ${name}`,
    directory: 'directory',
    tables: (count: number) => (count === 1 ? 'table' : `${number(count)} tables`),
  },
  lists: {
    title: (state: number) => `${capitalized(FRAME_STATES[state] ?? '')} frames, from head to tail`,
    place: (at: number, count: number, frame: string) =>
      `${number(at + 1)} of ${number(count)}: ${frame}`,
    water: (available: number, low: number, high: number) =>
      `${plural(available, 'frame')} available; below ${number(low)} the trimmer is woken, and trims up to ${number(high)}`,
    low: (frames: number) => `Below ${number(frames)} available frames the trimmer is woken`,
    high: (frames: number) => `It trims up to ${number(frames)} available frames`,
    close: 'Close the list',
    empty: 'No frame is in this state.',
    stretch: (of: 'list' | 'at-hand' | 'arrivals', which: number, count: number) =>
      ({
        list: `list ${which}, ${plural(count, 'frame')}:`,
        'at-hand': `cache of CPU ${which}, ${plural(count, 'frame')}:`,
        arrivals: `arrivals of CPU ${which}, ${plural(count, 'frame')}:`,
      })[of],
    ends: (head: number, tail: number) => (head === tail ? `f${head}` : `f${head} … f${tail}`),
  },
};
