// Says where the machine's swap is, once the visitor wanted it on disk: there, and what went to the file; or in memory, and
// why.

import { observed } from '../store/machine/observation.ts';
import { swapPlace } from '../store/run/swap-place.ts';
import { text } from '../text/text.ts';

export function SwapPlace() {
  const place = swapPlace.value;
  observed.version.value;
  if (place === undefined) return null;
  if ('refusal' in place) {
    const { refusal } = place;
    return (
      <span class="swap-place" role="status" data-swap-place="memory" data-refusal={refusal.kind}>
        {text.swapPlace.memory[refusal.kind](refusal.kind === 'refused' ? refusal.said : '')}
      </span>
    );
  }
  const { written, read, failed } = place.traffic();
  return (
    <span class="swap-place" data-swap-place="disk">
      {text.swapPlace.disk(written, read, failed)}
    </span>
  );
}
