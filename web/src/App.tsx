import { Dialogs } from './dialogs/Dialogs.tsx';
import { Embedded } from './Embedded.tsx';
import { Actions } from './panels/Actions.tsx';
import { ContextMenu } from './panels/ContextMenu.tsx';
import { Counters } from './panels/Counters.tsx';
import { ProcessDrag } from './panels/CpuStrip.tsx';
import { DropHint } from './panels/DropHint.tsx';
import { Flow } from './panels/Flow.tsx';
import { Header } from './panels/Header.tsx';
import { Inspector } from './panels/Inspector.tsx';
import { Locks } from './panels/Locks.tsx';
import { Notices } from './panels/Notices.tsx';
import { PanelDivider } from './panels/PanelDivider.tsx';
import { PhysicalPanel } from './panels/PhysicalPanel.tsx';
import { ProcessTree } from './panels/ProcessTree.tsx';
import { ScriptPanel } from './panels/ScriptPanel.tsx';
import { SwapPanel } from './panels/SwapPanel.tsx';
import { FaultList, Tape } from './panels/Tape.tsx';
import { Timing } from './panels/Timing.tsx';
import { Transport } from './panels/Transport.tsx';
import { VirtualPanel } from './panels/VirtualPanel.tsx';
import { embedded } from './store/page/shown-panels.ts';
import { text } from './text/text.ts';

export function App() {
  if (embedded) return <Embedded />;
  return (
    <>
      <Header />
      <Notices />
      <main class="bench" aria-label={text.tagline}>
        <div class="side left">
          <ProcessTree />
          <Actions />
        </div>
        <PanelDivider name="left" axis="x" resizes="before" least={200} share={0.4} />
        <div class="centre">
          <VirtualPanel />
          <PanelDivider name="physical" axis="y" resizes="after" least={96} share={0.7} />
          <PhysicalPanel />
          <SwapPanel />
          <Flow />
        </div>
        <PanelDivider name="right" axis="x" resizes="after" least={240} share={0.45} />
        <div class="side right">
          <Inspector />
          <PanelDivider name="inspector" axis="y" resizes="before" share={0.8} />
          <ScriptPanel />
        </div>
        <PanelDivider name="deck" axis="y" resizes="after" share={0.7} />
        <div class="deck">
          <Transport />
          <div class="deck-panels">
            <Counters />
            <PanelDivider name="counters" axis="x" resizes="before" share={0.5} />
            <Tape />
            <PanelDivider name="faults" axis="x" resizes="after" share={0.5} />
            <FaultList />
            <PanelDivider name="timing" axis="x" resizes="after" least={240} />
            <Timing />
            <PanelDivider name="locks" axis="x" resizes="after" least={240} />
            <Locks />
          </div>
        </div>
        <ContextMenu />
      </main>
      <ProcessDrag />
      <Dialogs />
      <DropHint />
    </>
  );
}
