// Words of the first visit, and of a scenario from the gallery.

import type { Facts } from '../types/story-facts.ts';

export const storyText = {
  exhibit: 'What to see here',
  /** The first visit. */
  story: {
    hint: 'Now you: drag the slider, and the machine goes back and forward with it.',
    again: 'Play it again',
    sentence: ({ line, parent, child }: Facts): string => {
      const known = (frame: number | undefined) => (frame === undefined ? '' : ` ${frame}`);
      switch (line) {
        case 0:
          return 'A process begins. It has sixteen pages, and not one frame of memory for them.';
        case 1:
          return parent === undefined
            ? 'It writes to page 5. Nothing is there, so the CPU faults, and a frame is looked for.'
            : `Page 5 got frame${known(parent)}, filled with zeroes, and the write goes on.`;
        case 2:
          return child === undefined
            ? 'Now it forks. Its page table is copied; its memory is not.'
            : `Parent and child share frame${known(parent)}, and neither may write to it any more.`;
        case 3:
          return child === undefined || child === parent
            ? 'The child writes to page 5. The frame is shared, so the write faults.'
            : `Only now the page is copied: the child has frame ${child} for itself.`;
        default:
          return `The parent reads what it wrote: 42, in frame${known(parent)} as before.`;
      }
    },
  },
};
