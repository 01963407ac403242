import { Dialogs } from './dialogs/Dialogs.tsx';
import { Embedded } from './Embedded.tsx';
import { Actions } from './panels/Actions.tsx';
import { ContextMenu } from './panels/ContextMenu.tsx';
import { ProcessDrag } from './panels/CpuStrip.tsx';
import { Deck } from './panels/Deck.tsx';
import { DropHint } from './panels/DropHint.tsx';
import { Flow } from './panels/Flow.tsx';
import { Header } from './panels/Header.tsx';
import { Inspector } from './panels/Inspector.tsx';
import { Notices } from './panels/Notices.tsx';
import { PanelDivider } from './panels/PanelDivider.tsx';
import { PhysicalPanel } from './panels/PhysicalPanel.tsx';
import { ProcessTree } from './panels/ProcessTree.tsx';
import { ScriptPanel } from './panels/ScriptPanel.tsx';
import { SideTabs } from './panels/SideTabs.tsx';
import { SkipLink } from './panels/SkipLink.tsx';
import { SwapPanel } from './panels/SwapPanel.tsx';
import { VirtualPanel } from './panels/VirtualPanel.tsx';
import { areaOf, isCompact, isStacked, maximised, presenting, side } from './store/page/room.ts';
import { embedded, folded } from './store/page/shown-panels.ts';
import { text } from './text/text.ts';

export function App() {
  return embedded ? <Embedded /> : <Whole />;
}

/** What the style sheet has to know of how the room is shared out. */
function roomOfBench(): Record<`data-${string}`, string | undefined> {
  const large = maximised.value;
  const isFolded = (name: string) => (folded.value.has(name) ? 'folded' : undefined);
  return {
    'data-large': large && areaOf(large),
    'data-presenting': presenting.value ? 'true' : undefined,
    'data-shown-side': side.value,
    'data-left': isFolded('processes'),
    'data-right': isFolded('inspector') && isFolded('script'),
  };
}

function Whole() {
  return (
    <>
      <SkipLink />
      <Header />
      <Notices />
      <main class="bench" aria-label={text.tagline} {...roomOfBench()}>
        <Actions />
        {isCompact.value && <SideTabs />}
        <div class="side left">
          <ProcessTree />
        </div>
        <PanelDivider name="left" axis="x" resizes="before" least={200} share={0.4} />
        <div class="centre">
          <VirtualPanel />
          <PanelDivider name="physical" axis="y" resizes="after" least={96} share={0.7} />
          <PhysicalPanel />
          <PanelDivider name="swap" axis="y" resizes="after" least={72} share={0.5} />
          <SwapPanel />
          <Flow />
        </div>
        <PanelDivider name="right" axis="x" resizes="after" least={240} share={0.45} />
        <div class="side right">
          {!isStacked.value && (
            <>
              <Inspector />
              <PanelDivider name="inspector" axis="y" resizes="before" share={0.8} />
            </>
          )}
          <ScriptPanel />
        </div>
        <PanelDivider name="deck" axis="y" resizes="after" share={0.7} />
        <Deck />
        <ContextMenu />
      </main>
      <ProcessDrag />
      <Dialogs />
      <DropHint />
    </>
  );
}
