// Says why no fault is listed: none has happened, or none of those that did is still recorded.

import { observed } from '../store/machine/observation.ts';
import { runtimeKind } from '../store/run/open-machine.ts';
import { hint } from '../store/visit/story.ts';
import { text } from '../text/text.ts';

export function NoFaults({ className = '' }: { className?: string }) {
  const seen = observed.faultsSeen.value;
  // While a story is told it says itself what happens.
  const isQuiet = seen === 0 && hint.value !== 'act';
  return (
    <p class={`hint ${className}`} data-no-faults={seen}>
      {isQuiet
        ? ''
        : seen === 0
          ? text.faults.none
          : text.faults.notRecorded(seen, runtimeKind.value === 'threads')}
    </p>
  );
}
