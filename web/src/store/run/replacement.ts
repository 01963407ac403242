// Tells by which rules the machine evicts, and opens the panel that shows it where a scenario is about it.

import { computed, effect } from '@preact/signals';
import { nameOfPolicy, rules } from '../machine/replacement-queue.ts';
import { embedded, fold, folded, foldOnly } from '../page/shown-panels.ts';
import { scenario } from './open-machine.ts';

/** Of more frames a queue is not seen at a glance. */
const MOST_FRAMES = 64;

/** Whether the choice of victims is what a scenario is about: it names its policy, and its machine is small. */
const isAboutReplacement = computed(() => {
  const { policy, frames, data_frames = frames } = scenario.value.machine ?? {};
  return policy !== undefined && data_frames !== undefined && data_frames <= MOST_FRAMES;
});

/** What was folded before the panel was opened by itself. */
let before: readonly string[] | undefined;

/** Called once. */
export function watchReplacement(): void {
  effect(() => {
    const { policy = 'clock', working_set_window: window } = scenario.value.machine ?? {};
    rules.value = { policy: nameOfPolicy(policy), window };
  });
  effect(() => {
    const isAbout = isAboutReplacement.value;
    if (embedded) return;
    if (isAbout && folded.peek().has('replacement')) {
      before = [...folded.peek()];
      fold('tape', true);
      fold('replacement', false);
    } else if (!isAbout && before !== undefined) {
      // The visitor may have folded it meanwhile, and then the deck is as it was chosen to be.
      if (!folded.peek().has('replacement')) foldOnly(before);
      before = undefined;
    }
  });
}
