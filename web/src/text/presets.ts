// Words of the dialog of presets: its groups, and what is said of a scenario in a line.

import { plural } from './format.ts';

export const presetsText = {
  presets: {
    title: 'Presets',
    search: 'Search presets',
    none: 'No preset has these words.',
    drafts: 'Your drafts',
    groups: {
      start: ['Start here', 'One copy on write, told in a minute; then a real program.'],
      guided: [
        'Guided experiments',
        'Each shows one thing, line by line, and asks what the machine will do.',
      ],
      textbook: [
        'Textbook tables',
        'Reference strings that teachers use, with the number of faults that each is known to have.',
      ],
      machines: ['Machines at work', 'Longer scripts to watch, stop and change.'],
      experiments: [
        'A/B experiments',
        'The same machine and workload with one option changed: compare the two runs.',
      ],
      bugs: [
        'Find the bug',
        'Each scenario contains one real bug and an interleaving that triggers it.',
      ],
    },
    facts: (frames: number | undefined, lines: number, questions: number, isThreads: boolean) =>
      [
        frames === undefined ? '' : plural(frames, 'frame'),
        plural(lines, 'line'),
        questions === 0 ? '' : plural(questions, 'question'),
        isThreads ? 'threads' : '',
      ]
        .filter((part) => part !== '')
        .join(' · '),
    compare: (one: string, other: string) => `Compare ${one} with ${other}`,
    compareShort: 'Compare',
    open: (title: string, side: string) => `Open “${title}” with ${side}`,
  },
};
