// Shows the page as part of another's page: the panels that were asked for, the transport, and the way to the whole.

import type { FunctionComponent } from 'preact';
import { Dialogs } from './dialogs/Dialogs.tsx';
import { Actions } from './panels/Actions.tsx';
import { Counters } from './panels/Counters.tsx';
import { FaultList } from './panels/FaultList.tsx';
import { Flow } from './panels/Flow.tsx';
import { MachineSummary } from './panels/Header.tsx';
import { Inspector } from './panels/Inspector.tsx';
import { LessonInShort } from './panels/LessonInShort.tsx';
import { Locks } from './panels/Locks.tsx';
import { Notices } from './panels/Notices.tsx';
import { PhysicalPanel } from './panels/PhysicalPanel.tsx';
import { ProcessTree } from './panels/ProcessTree.tsx';
import { Replacement } from './panels/Replacement.tsx';
import { ScriptPanel } from './panels/ScriptPanel.tsx';
import { SwapPanel } from './panels/SwapPanel.tsx';
import { Timeline } from './panels/Timeline.tsx';
import { Timing } from './panels/Timing.tsx';
import { Transport } from './panels/Transport.tsx';
import { VirtualPanel } from './panels/VirtualPanel.tsx';
import { shortened } from './share/snippets.ts';
import { isShown, PANELS, type PanelName } from './store/page/shown-panels.ts';
import { scenario } from './store/run/open-machine.ts';
import { scriptOf } from './store/script/document.ts';
import { carried } from './store/visit/links.ts';
import { text } from './text/text.ts';
import './Embedded.css';

const panels: Record<PanelName, FunctionComponent> = {
  processes: ProcessTree,
  actions: Actions,
  virtual: VirtualPanel,
  physical: PhysicalPanel,
  swap: SwapPanel,
  inspector: Inspector,
  script: ScriptPanel,
  counters: Counters,
  tape: Timeline,
  faults: FaultList,
  timing: Timing,
  locks: Locks,
  replacement: Replacement,
};

export function Embedded() {
  return (
    <>
      <header class="embed-head">
        <h1 class="scenario-title">{shortened(scenario.value.title || text.untitled)}</h1>
        <MachineSummary />
        <a class="link" href={`./${carried.value}`} target="_blank" rel="noopener">
          {text.openWhole}
        </a>
      </header>
      <Notices />
      <LessonInShort />
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
