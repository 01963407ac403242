// Shows the tabs of the deck: each opens or folds its panel, and at most two of them are open side by side.

import { areaOf, isLow, maximise, maximised } from '../store/page/room.ts';
import { DECK, fold, folded } from '../store/page/shown-panels.ts';
import { text } from '../text/text.ts';
import { CommandButton } from './CommandButton.tsx';
import './DeckTabs.css';

export function DeckTabs() {
  // In a low window, and while one of them has all the room, there is one panel or none.
  const large = maximised.value;
  const isSingle = isLow.value || (large !== undefined && areaOf(large) === 'deck');
  return (
    <div class="deck-tabs">
      <fieldset class="tabs" aria-label={text.room.deck}>
        {DECK.map((name) => {
          const isOpen = isSingle ? large === name : !folded.value.has(name);
          return (
            <button
              key={name}
              type="button"
              class="tab"
              data-tab={name}
              aria-expanded={isOpen}
              onClick={() => (isSingle ? maximise(name) : fold(name, isOpen))}
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
