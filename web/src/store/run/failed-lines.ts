// Lists the lines that have run and did not come to what the script says.

import { computed } from '@preact/signals';
import { records } from './playhead.ts';

/** Their places in the script, the first is 0. */
export const failedLines = computed<readonly number[]>(() =>
  records.value.flatMap(({ outcome }, at) => (outcome.ok ? [] : [at])),
);
