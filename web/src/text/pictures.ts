// Words of pictures of references.

import { number, percent, plural } from './format.ts';

const range = (least: number, most: number) =>
  least === most ? number(least) : `${number(least)}–${number(most)}`;

/** Formats a number of an axis, which has little room. */
function short(value: number): string {
  if (value >= 1e9 && value % 1e8 === 0) return `${value / 1e9} G`;
  if (value >= 1e6 && value % 1e5 === 0) return `${value / 1e6} M`;
  if (value >= 1e3 && value % 100 === 0) return `${value / 1e3} k`;
  return number(value);
}

export const picturesText = {
  pictures: {
    title: 'Pictures of the references',
    note: 'Where the program is in its memory and when, how many pages it works on at a time, and how soon it comes back to a page. The references alone are analysed, with no machine behind them.',
    of: (name: string, references: number, pages: number) =>
      `${name}: ${plural(references, 'reference')} to ${plural(pages, 'page')}`,
    counting: 'Counting…',
    failed: (message: string) => `They could not be counted: ${message}.`,
    save: 'Save as SVG',
    saveNamed: (picture: string) => `Save “${picture}” as SVG`,
    numbers: 'The numbers',
    heat: {
      title: 'Addresses over time',
      note: 'A column is a stretch of references, a row a few neighbouring pages, the lowest address at the bottom; the stronger a cell, the more of them. Pages that are never touched take no room.',
      use: 'Drag over a part to zoom in on it.',
      useTravel: 'Drag over a part to zoom in on it; click, and the machine goes there.',
      label: (name: string) =>
        `References of ${name} by time and address; the table below has the numbers`,
      shown: (first: number, last: number, pages: number) =>
        `References ${number(first)} to ${number(last)}, ${plural(pages, 'page')}`,
      parts: {
        whole: ['Whole trace', 'Shows all references and all pages'],
        closer: ['Zoom in', 'Shows half as many references'],
        farther: ['Zoom out', 'Shows twice as many references'],
        earlier: ['Pan left', 'Shows earlier references, by half of what is visible'],
        later: ['Pan right', 'Shows later references, by half of what is visible'],
      } as const,
      caption: 'References to each range of addresses',
      stretch: 'From reference',
      go: (reference: number) => `Take the machine to reference ${number(reference)}`,
      others: 'others',
      at: (first: number, last: number, place: string, count: number) =>
        `References ${number(first)} to ${number(last)}, ${place}: ${plural(count, 'reference')}`,
      page: (page: number, address: string | null) =>
        address === null ? `from page ${number(page)}` : `from ${address} (page ${number(page)})`,
    },
    sets: {
      title: 'Working set over time',
      note: 'How many different pages were used within the last so many references (Denning 1968): as many frames keep a program from faulting on what it just used.',
      label: (name: string) => `Working set of ${name} over time; the table below has the numbers`,
      window: (references: number) => `last ${number(references)}`,
      caption: 'Pages that were used within the last so many references',
      references: 'References',
      mean: 'Mean',
      most: 'Most',
      axis: 'references',
    },
    reuse: {
      title: 'Reuse distances',
      note: 'How many pages are used from one use of a page to the next, that one among them. LRU hits in as many frames; the first use of a page, the last bar, faults in any memory.',
      label: (name: string) => `Reuse distances of ${name}; the table below has the numbers`,
      first: 'first',
      firstUse: 'first use',
      caption: 'References by how many pages were used since',
      distance: 'Pages',
      references: 'References',
      share: 'Share',
      range,
    },
    number,
    percent,
    short,
  },
};
