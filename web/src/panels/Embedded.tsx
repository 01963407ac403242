// The page as part of another's page: the panels that were asked for, the transport, and the way to the whole.

import type { FunctionComponent } from 'preact';
import { shortened } from '../share/snippets.ts';
import { scriptOf } from '../store/script.ts';
import { scenario } from '../store/session.ts';
import { isShown, PANELS, type PanelName } from '../store/view.ts';
import { text } from '../text.ts';
import { Actions } from './Actions.tsx';
import { Counters } from './Counters.tsx';
import { Dialogs } from './Dialogs.tsx';
import { Flow } from './Flow.tsx';
import { MachineSummary } from './Header.tsx';
import { Inspector } from './Inspector.tsx';
import { Locks } from './Locks.tsx';
import { Notices } from './Notices.tsx';
import { PhysicalPanel } from './PhysicalPanel.tsx';
import { ProcessTree } from './ProcessTree.tsx';
import { ScriptPanel } from './ScriptPanel.tsx';
import { SwapPanel } from './SwapPanel.tsx';
import { FaultList, Tape } from './Tape.tsx';
import { Timing } from './Timing.tsx';
import { Transport } from './Transport.tsx';
import { VirtualPanel } from './VirtualPanel.tsx';

const panels: Record<PanelName, FunctionComponent> = {
  processes: ProcessTree,
  actions: Actions,
  virtual: VirtualPanel,
  physical: PhysicalPanel,
  swap: SwapPanel,
  inspector: Inspector,
  script: ScriptPanel,
  counters: Counters,
  tape: Tape,
  faults: FaultList,
  timing: Timing,
  locks: Locks,
};

export function Embedded() {
  return (
    <>
      <header class="embed-head">
        <h1 class="scenario-title">{shortened(scenario.value.title || text.untitled)}</h1>
        <MachineSummary />
        <a class="link" href={`./${location.hash}`} target="_blank" rel="noopener">
          {text.openWhole}
        </a>
      </header>
      <Notices />
      <main class="bench embedded" aria-label={text.tagline}>
        {PANELS.filter(isShown).map((name) => {
          const Shown = panels[name];
          return <Shown key={name} />;
        })}
        <Flow />
      </main>
      {scriptOf(scenario.value).length > 0 && <Transport />}
      <Dialogs />
    </>
  );
}
