// Shows how the page looks and lets that be chosen: how large its words are, its theme, and the presenter's mode.

import { TYPE_SIZES, typeSize } from '../store/page/type-size.ts';
import { text } from '../text/text.ts';
import { CommandButton } from './CommandButton.tsx';
import './ViewMenu.css';

export function ViewMenu() {
  return (
    <>
      <button
        type="button"
        class="button icon"
        popovertarget="view"
        data-view="open"
        aria-label={text.room.view}
        title={text.room.view}
      >
        <span class="view-icon" aria-hidden="true">
          A<b>A</b>
        </span>
      </button>
      <div id="view" class="view" popover="auto">
        <fieldset class="view-sizes">
          <legend class="hint">{text.room.typeSize}</legend>
          {TYPE_SIZES.map((size) => (
            <label key={size} class={`view-size ${size}`}>
              <input
                type="radio"
                name="type-size"
                value={size}
                checked={typeSize.value === size}
                onChange={() => {
                  typeSize.value = size;
                }}
              />
              <span>{text.room.typeSizes[size]}</span>
            </label>
          ))}
        </fieldset>
        <CommandButton command="theme" className="quiet wide" />
        <CommandButton command="present" className="quiet wide" />
      </div>
    </>
  );
}
