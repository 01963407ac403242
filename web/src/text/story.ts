// Words of the first visit.

import type { Facts } from '../types/story-facts.ts';

export const storyText = {
  /** The first visit. */
  story: {
    again: 'Play it again',
    /** Where it leads. */
    next: {
      try: 'Try it yourself',
      guided: 'A guided experiment',
      real: 'A real program',
    },
    nextTitle: 'What next',
    tryHint:
      'Page 5 of the parent is selected: W writes it, E sends it to swap, F forks again. Or click any page. Drag the slider, and the machine goes back and forward with it.',
    sentence: ({ line, parent, child }: Facts): string => {
      const known = (frame: number | undefined) => (frame === undefined ? '' : ` ${frame}`);
      switch (line) {
        case 0:
          return 'The kernel has started a process. Its sixteen pages have no frame yet; the light blue frames hold the zero page and its page tables.';
        case 1:
          return parent === undefined
            ? 'The process writes page 5. No frame is mapped there, so the CPU raises a page fault, and the kernel looks for a free frame.'
            : `The kernel has zeroed frame${known(parent)} and mapped page 5 to it. The CPU repeats the write.`;
        case 2:
          return child === undefined
            ? 'The process forks. The kernel copies its page table for a child, and no memory.'
            : `Parent and child share frame${known(parent)}. The kernel has made the page read-only in both.`;
        case 3:
          return child === undefined || child === parent
            ? 'The child writes page 5. The frame is shared and read-only, so the CPU raises a page fault: copy on write.'
            : `Only now the kernel copies the page: the child has frame ${child} for itself.`;
        default:
          return `The parent reads page 5 and finds what it wrote: 42, in frame${known(parent)} as before.`;
      }
    },
  },
};
