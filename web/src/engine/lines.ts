// Reads in place what cache lines have cost that travelled between virtual CPUs. The format is written down in the
// engine's `observe/line_costs.rs`.

import {
  LINE_COST_WORDS,
  LINE_FALSE_WORD,
  LINE_LOST_WORD,
  LINE_QUEUED_WORD,
  LINE_TRANSFERS_WORD,
} from '../generated/machine.ts';
import { type MachineViews, recordAt } from './views.ts';
import { wide } from './words.ts';

/** What the cache lines of one class of words have cost; times are in nanoseconds. */
export interface LineCost {
  readonly name: string;
  readonly transfers: number;
  readonly falselyShared: number;
  readonly queued: number;
  readonly lost: number;
}

/** What the cache lines of each class of words have cost that has any transfer, the dearest first. */
export function lineCosts({ layout, words }: MachineViews): LineCost[] {
  const { line_names, parts } = layout;
  const costs = line_names.map((name, at) => {
    const row = recordAt(parts.lines, 0) + at * LINE_COST_WORDS;
    const value = (word: number) => wide(words[row + word] ?? 0, words[row + word + 1] ?? 0);
    return {
      name,
      transfers: value(LINE_TRANSFERS_WORD),
      falselyShared: value(LINE_FALSE_WORD),
      queued: value(LINE_QUEUED_WORD),
      lost: value(LINE_LOST_WORD),
    };
  });
  return costs.filter(({ transfers }) => transfers > 0).sort((a, b) => b.lost - a.lost);
}
