// Shows the tabs of a compact bench's side, which has room for one panel at a time.

import { SIDES, side } from '../store/page/room.ts';
import { fold, folded } from '../store/page/shown-panels.ts';
import { text } from '../text/text.ts';

export function SideTabs() {
  return (
    <div class="side-tabs tabs" role="tablist" aria-label={text.room.side}>
      {SIDES.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          class="tab"
          data-side={name}
          tabIndex={side.value === name ? 0 : -1}
          aria-selected={side.value === name}
          onClick={() => {
            side.value = name;
            if (folded.value.has(name)) fold(name, false);
          }}
          onKeyDown={(event) => {
            const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
            if (by === undefined) return;
            event.preventDefault();
            const next = SIDES[(SIDES.indexOf(name) + by + SIDES.length) % SIDES.length];
            if (next === undefined) return;
            side.value = next;
            document.querySelector<HTMLElement>(`[data-side="${next}"][role="tab"]`)?.focus();
          }}
        >
          {text.panels[name]}
        </button>
      ))}
    </div>
  );
}
