// Shows the tabs of the deck: each opens or folds its panel, and at most two of them are open side by side.

import { isLow, maximise, maximised } from '../store/page/room.ts';
import { DECK, fold, folded } from '../store/page/shown-panels.ts';
import { text } from '../text/text.ts';
import { CommandButton } from './CommandButton.tsx';
import './DeckTabs.css';

export function DeckTabs() {
  return (
    <div class="deck-tabs">
      <fieldset class="tabs" aria-label={text.room.deck}>
        {DECK.map((name) => {
          // In a low window a panel of the deck has all the room or none.
          const isOpen = isLow.value ? maximised.value === name : !folded.value.has(name);
          return (
            <button
              key={name}
              type="button"
              class="tab"
              data-tab={name}
              aria-expanded={isOpen}
              onClick={() => (isLow.value ? maximise(name) : fold(name, isOpen))}
            >
              {text.panels[name]}
            </button>
          );
        })}
      </fieldset>
      <CommandButton command="check" className="quiet" />
    </div>
  );
}
