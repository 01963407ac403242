// Says why the machine is out of room, and offers what would free it.

import { doubled, enlarge, freeByKilling, stuck } from '../store/run/stuck.ts';
import { text } from '../text/text.ts';

export function StuckNotice() {
  const now = stuck.value;
  if (now === undefined) return null;
  const { why, largest, slots, frames } = now;
  const [moreSlots, moreFrames] = [doubled('slots', slots), doubled('frames', frames)];
  return (
    <div class="notice offer" role="status" data-notice="stuck" data-why={why}>
      <span>
        <b>{text.run.stuck.titles[why]}</b> {text.run.stuck.reasons[why](now)}{' '}
        {text.run.stuck.remedy}
      </span>
      <span class="notice-actions">
        {largest !== undefined && (
          <button
            type="button"
            class="button"
            data-remedy="kill"
            onClick={() => freeByKilling(largest)}
          >
            {text.run.stuck.kill(largest)}
          </button>
        )}
        {moreSlots > slots && (
          <button
            type="button"
            class="button"
            data-remedy="slots"
            onClick={() => enlarge('slots', moreSlots)}
          >
            {text.run.stuck.slots(moreSlots)}
          </button>
        )}
        {moreFrames > frames && (
          <button
            type="button"
            class="button"
            data-remedy="frames"
            onClick={() => enlarge('frames', moreFrames)}
          >
            {text.run.stuck.frames(moreFrames)}
          </button>
        )}
      </span>
    </div>
  );
}
