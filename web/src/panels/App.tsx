import { embedded } from '../store/view.ts';
import { text } from '../text.ts';
import { Actions } from './Actions.tsx';
import { ContextMenu } from './ContextMenu.tsx';
import { Counters } from './Counters.tsx';
import { ProcessDrag } from './CpuStrip.tsx';
import { Dialogs } from './Dialogs.tsx';
import { Divider } from './Divider.tsx';
import { DropHint } from './DropHint.tsx';
import { Embedded } from './Embedded.tsx';
import { Flow } from './Flow.tsx';
import { Header } from './Header.tsx';
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
        <Divider name="left" axis="x" resizes="before" least={200} share={0.4} />
        <div class="centre">
          <VirtualPanel />
          <Divider name="physical" axis="y" resizes="after" least={96} share={0.7} />
          <PhysicalPanel />
          <SwapPanel />
          <Flow />
        </div>
        <Divider name="right" axis="x" resizes="after" least={240} share={0.45} />
        <div class="side right">
          <Inspector />
          <Divider name="inspector" axis="y" resizes="before" share={0.8} />
          <ScriptPanel />
        </div>
        <Divider name="deck" axis="y" resizes="after" share={0.7} />
        <div class="deck">
          <Transport />
          <div class="deck-panels">
            <Counters />
            <Divider name="counters" axis="x" resizes="before" share={0.5} />
            <Tape />
            <Divider name="faults" axis="x" resizes="after" share={0.5} />
            <FaultList />
            <Divider name="timing" axis="x" resizes="after" least={240} />
            <Timing />
            <Divider name="locks" axis="x" resizes="after" least={240} />
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
