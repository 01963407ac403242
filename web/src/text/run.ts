// Words of how a run stands: actions that wait, lines that failed, and what keeps a machine from going on.

import { plural } from './format.ts';

export const runText = {
  run: {
    waiting: (count: number) => ` · ${plural(count, 'action')} waiting`,
    failed: (count: number) => `${plural(count, 'line')} failed`,
    showFailed: 'show',
  },
};
