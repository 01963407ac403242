// Shows the deck: what moves the playhead, the tabs, and the panels that are open beneath them.

import { Fragment, type FunctionComponent } from 'preact';
import { isLow, maximised, presenting } from '../store/page/room.ts';
import { DECK, folded, type PanelName } from '../store/page/shown-panels.ts';
import { Counters } from './Counters.tsx';
import { DeckTabs } from './DeckTabs.tsx';
import { FaultList } from './FaultList.tsx';
import { Locks } from './Locks.tsx';
import { PanelDivider } from './PanelDivider.tsx';
import { Replacement } from './Replacement.tsx';
import { Timeline } from './Timeline.tsx';
import { Timing } from './Timing.tsx';
import { Transport } from './Transport.tsx';

const panels: Partial<Record<PanelName, FunctionComponent>> = {
  tape: Timeline,
  faults: FaultList,
  timing: Timing,
  locks: Locks,
  replacement: Replacement,
  counters: Counters,
};

export function Deck() {
  const large = maximised.value;
  const open = DECK.filter(
    (name) => !folded.value.has(name) && (!isLow.value || name === large) && !presenting.value,
  );
  return (
    <div class="deck" data-open={open.length}>
      <Transport />
      {!presenting.value && <DeckTabs />}
      {open.length > 0 && (
        <div class="deck-panels">
          {open.map((name, at) => {
            const Shown = panels[name];
            return (
              Shown && (
                <Fragment key={name}>
                  {at > 0 && (
                    <PanelDivider name="pane" axis="x" resizes="after" least={240} share={0.7} />
                  )}
                  <Shown />
                </Fragment>
              )
            );
          })}
        </div>
      )}
    </div>
  );
}
