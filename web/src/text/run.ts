// Words of how a run stands: actions that wait, lines that failed, and what keeps a machine from going on.

import { number, plural } from './format.ts';

/** How much room the machine has. */
interface Room {
  readonly slots: number;
  readonly frames: number;
  readonly modified: number;
  readonly available: number;
}

export const runText = {
  run: {
    waiting: (count: number) => ` · ${plural(count, 'action')} waiting`,
    failed: (count: number) => `${plural(count, 'line')} failed`,
    showFailed: 'show',
    stuck: {
      titles: {
        'swap-full': 'Out of room: swap is full.',
        'no-swap': 'Out of room: this machine has no swap.',
        'no-frame': 'Out of room: no frame can be had.',
      },
      reasons: {
        'swap-full': ({ slots, modified, available }: Room) =>
          `All ${plural(slots, 'slot')} are in use, so ${plural(modified, 'frame')} with unwritten changes cannot leave memory; ${plural(available, 'frame')} ${available === 1 ? 'is' : 'are'} available.`,
        'no-swap': ({ available }: Room) =>
          `A written page can be put nowhere else; ${plural(available, 'frame')} ${available === 1 ? 'is' : 'are'} available.`,
        'no-frame': ({ frames, available }: Room) =>
          `Of ${plural(frames, 'frame')} ${number(available)} ${available === 1 ? 'is' : 'are'} available; the others hold page tables and pages that cannot be evicted now.`,
      },
      remedy:
        'Ending a process frees what it does not share. More slots or frames need another machine, on which the script runs again.',
      kill: (process: string) => `Kill ${process}`,
      slots: (slots: number) => `Run with ${plural(slots, 'slot')}`,
      frames: (frames: number) => `Run with ${plural(frames, 'frame')}`,
    },
  },
};
