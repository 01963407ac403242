import { embedded } from '../store/view.ts';
import { text } from '../text.ts';
import { Actions } from './Actions.tsx';
import { ContextMenu } from './ContextMenu.tsx';
import { Counters } from './Counters.tsx';
import { ProcessDrag } from './CpuStrip.tsx';
import { Dialogs } from './Dialogs.tsx';
import { DropHint } from './DropHint.tsx';
import { Embedded } from './Embedded.tsx';
import { Flow } from './Flow.tsx';
import { Header } from './Header.tsx';
import { Inspector } from './Inspector.tsx';
import { Notices } from './Notices.tsx';
import { PhysicalPanel } from './PhysicalPanel.tsx';
import { ProcessTree } from './ProcessTree.tsx';
import { ScriptPanel } from './ScriptPanel.tsx';
import { SwapPanel } from './SwapPanel.tsx';
import { FaultList, Tape } from './Tape.tsx';
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
        <div class="centre">
          <VirtualPanel />
          <PhysicalPanel />
          <SwapPanel />
          <Flow />
        </div>
        <div class="side right">
          <Inspector />
          <ScriptPanel />
        </div>
        <div class="deck">
          <Transport />
          <div class="deck-panels">
            <Counters />
            <Tape />
            <FaultList />
          </div>
        </div>
      </main>
      <ContextMenu />
      <ProcessDrag />
      <Dialogs />
      <DropHint />
    </>
  );
}
