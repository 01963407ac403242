import { FREE, ZEROED } from '../draw/palette.ts';
import { presentation } from '../store/animation/presentation.ts';
import { shown } from '../store/animation/shown.ts';
import { wires } from '../store/animation/wires.ts';
import { captionOfFrame, describeFrame } from '../store/machine/describe.ts';
import { framesOf, isAlive } from '../store/machine/grid-reader.ts';
import { LISTED } from '../store/machine/list-order.ts';
import { observed } from '../store/machine/observation.ts';
import {
  following,
  hoveredFrame,
  looking,
  selectedFrame,
  selectFrame,
} from '../store/page/selection.ts';
import { openedList } from '../store/page/shown-panels.ts';
import { scenario } from '../store/run/open-machine.ts';
import { openFrameMenu } from '../store/visit/menu.ts';
import { text } from '../text/text.ts';
import { CellGrid } from './CellGrid.tsx';
import { Gauges } from './Gauges.tsx';
import { ListOrder } from './ListOrder.tsx';
import { Panel } from './Panel.tsx';

/** What is available stands first, so that the watermarks stand upon it. */
const STATES = [0, 1, 5, 2, 3, 4, 6, 7];

/** Frames of the selected process. Where all are its own, or there are some thousands, an outline round each is noise. */
function ownFrames(): Iterable<number> {
  const machine = observed.machine.value;
  const row = observed.selected.value;
  if (machine === undefined || row === undefined || machine.layout.frames > 4096) return [];
  if (observed.processes.value.filter(isAlive).length < 2) return [];
  return framesOf(machine, machine.process(row.index)).keys();
}

function isEmpty(look: number): boolean {
  return (look & 7) === FREE || (look & 7) === ZEROED;
}

/** The frame of the selected page: of one that is being copied the copy. */
function frameUnderWay(): number {
  const wire = wires().find(({ isSelected }) => isSelected);
  if (wire === undefined || wire.to.grid !== 'frames') return -1;
  return wire.copy?.to.index ?? wire.to.index;
}

/** Every frame of the machine. */
export function PhysicalPanel() {
  const machine = observed.machine.value;
  observed.version.value;
  const counts = shown.frameCounts.value;
  const available = (counts[0] ?? 0) + (counts[1] ?? 0) + (counts[5] ?? 0);
  const low = scenario.value.machine?.trim?.low;
  const hovered = hoveredFrame.value;
  if (machine === undefined) {
    return (
      <Panel name="physical" title={text.panels.physical}>
        <p class="hint">{text.status.closed}</p>
      </Panel>
    );
  }
  const { frames } = machine.layout;
  return (
    <Panel
      name="physical"
      title={text.panels.physical}
      caption={`${text.physicalCaption(frames)} · ${text.available(available, low)}`}
      readout={hovered >= 0 ? describeFrame(hovered) : ''}
    >
      <CellGrid
        id="frames"
        label={`${text.panels.physical}: ${text.physicalCaption(frames)}`}
        count={frames}
        looks={() => presentation.looks('frames', observed.frameLooks())}
        selected={selectedFrame.value}
        kept={following.value ? frameUnderWay() : -1}
        onSelect={selectFrame}
        onMenu={openFrameMenu}
        onHover={(frame) => {
          hoveredFrame.value = frame;
        }}
        describe={describeFrame}
        caption={(frame, look) => (isEmpty(look) ? '' : captionOfFrame(frame))}
        marks={() => ({
          owned: ownFrames(),
          linked: wires().flatMap(({ to }) => (to.grid === 'frames' ? [to.index] : [])),
          selected: looking.value === 'frame' ? selectedFrame.value : -1,
          hovered: hoveredFrame.value,
        })}
      />
      <Gauges
        of="frames"
        label={text.panels.physical}
        names={text.frameStates}
        meanings={text.frameStateMeanings}
        counts={counts}
        states={STATES}
        opens={LISTED}
        opened={openedList.value}
        onOpen={(state) => {
          openedList.value = openedList.value === state ? -1 : state;
        }}
        levels={[
          { at: machine.layout.trim_low, label: text.lists.low(machine.layout.trim_low) },
          { at: machine.layout.trim_high, label: text.lists.high(machine.layout.trim_high) },
        ]}
      />
      <ListOrder />
    </Panel>
  );
}
