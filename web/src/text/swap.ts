// Words of where swap is: on the browser's disk, or in memory and why.

import { plural, size } from './format.ts';

export const swapText = {
  swapPlace: {
    choice: 'Swap on this computer’s disk, until the page is left',
    note: 'For this visit, not for the scenario: programs see the same bytes. The file goes with the machine.',
    disk: (written: number, read: number, failed: number) =>
      `On disk: ${size(written)} written, ${size(read)} read${
        failed === 0 ? '' : `, ${plural(failed, 'transfer')} failed`
      }`,
    memory: {
      virtual: () => 'In memory: virtual CPUs wait for no disk.',
      'no files': () => 'In memory: this browser has no files that a worker can wait for.',
      'one worker': () =>
        'In memory: this browser opens a file for one worker alone, and each CPU is a worker.',
      refused: (said: string) => `In memory: the browser refused the file. ${said}`,
    },
  },
};
