import { text } from '../text/text.ts';
import './SkipLink.css';

/** The first stop of the Tab key: it leads past all panels to what moves the playhead. */
export function SkipLink() {
  return (
    <button
      type="button"
      class="skip"
      onClick={() => {
        const play = document.querySelector<HTMLButtonElement>('[data-command="play"]');
        const target = play?.disabled ? document.querySelector<HTMLElement>('[data-tab]') : play;
        target?.focus();
        target?.scrollIntoView({ block: 'nearest' });
      }}
    >
      {text.room.skip}
    </button>
  );
}
