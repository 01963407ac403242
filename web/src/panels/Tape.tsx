// Shows the faults in time, a lane for each CPU, and the same in a list.

import { useEffect, useRef } from 'preact/hooks';
import { FOUND_STATES } from '../draw/palette.ts';
import type { Surface } from '../draw/surface.ts';
import { MOST_SLICES, paintTape, type Slice, spanOf, xToTime } from '../draw/tape.ts';
import { drawsAs } from '../picture/drawings.ts';
import type { Fault } from '../store/machine/fault-log.ts';
import { observed } from '../store/machine/observation.ts';
import { loop } from '../store/page/loop.ts';
import {
  isSelectedFault,
  selectedFault,
  selectPage,
  selectProcess,
} from '../store/page/selection.ts';
import { theme } from '../store/page/settings.ts';
import { runtimeKind } from '../store/run/open-machine.ts';
import { playhead } from '../store/run/playhead.ts';
import { goTo } from '../store/run/transport.ts';
import { text } from '../text/text.ts';
import { NoFaults } from './NoFaults.tsx';
import { Panel } from './Panel.tsx';
import { useRedrawOnResize } from './redraw-on-resize.ts';
import { StateGlyph } from './StateGlyph.tsx';
import './Tape.css';

function sliceOf(fault: Fault): Slice {
  return {
    cpu: fault.cpu,
    begin: fault.begin,
    end: fault.end,
    state: FOUND_STATES[fault.kind],
    phases: fault.phases.map(({ begin }) => begin),
  };
}

/** The latest faults, those under way among them, and where the playhead is. */
function sceneNow(): { slices: Slice[]; now: number | undefined } {
  const ended = observed.faults.faults.slice(-MOST_SLICES);
  if (runtimeKind.peek() === 'threads') return { slices: ended.map(sliceOf), now: undefined };
  const now = playhead.peek().time_ns;
  return { slices: [...ended, ...observed.faults.underWay(now)].map(sliceOf), now };
}

export function Tape() {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const machine = observed.machine.value;
  observed.lanes.value;
  const count = observed.faults.faults.length;
  const threads = runtimeKind.value === 'threads';
  const onClick = (event: MouseEvent) => {
    const room = frame.current;
    const { slices, now } = sceneNow();
    if (room === null || now === undefined) return;
    const x = event.clientX - room.getBoundingClientRect().left;
    void goTo({ time_ns: Math.round(xToTime(spanOf(slices, now), room.clientWidth, x)) });
  };

  useRedrawOnResize(frame);

  useEffect(() => {
    let painted = '';
    return loop.paint(() => {
      const [room, surface] = [frame.current, canvas.current];
      const context = surface?.getContext('2d');
      const views = observed.machine.value;
      if (room === null || surface === null || !context) return false;
      const { clientWidth: width, clientHeight: height } = room;
      const ratio = devicePixelRatio;
      // The tape moves with the text beside it, not with every frame.
      const key = `${width} ${height} ${ratio} ${theme.value} ${observed.lanes.peek()}`;
      if (key === painted) return false;
      painted = key;
      if (
        surface.width !== Math.round(width * ratio) ||
        surface.height !== Math.round(height * ratio)
      ) {
        surface.width = Math.round(width * ratio);
        surface.height = Math.round(height * ratio);
      }
      const draw = (onto: Surface, scale: number) => {
        const { slices, now } = sceneNow();
        const shape = {
          width,
          height,
          ratio: scale,
          theme: theme.value,
          cpus: views?.layout.cpus ?? 0,
          laneLabel: text.faults.lane,
          tickLabel: text.faults.tick,
          ...(now !== undefined && { playhead: now }),
        };
        paintTape(onto, shape, slices);
      };
      draw(context, ratio);
      drawsAs(surface, (picture) => draw(picture, 1));
      return false;
    });
  }, []);
  useEffect(() => loop.request());

  return (
    <Panel
      name="tape"
      title={text.panels.tape}
      caption={
        machine === undefined ? '' : threads ? text.faults.measuredTime : text.faults.virtualTime
      }
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the transport go wherever a click does */}
      <div
        ref={frame}
        class={threads ? 'tape' : 'tape travels'}
        role="img"
        aria-label={text.faults.tapeLabel(count)}
        onClick={onClick}
      >
        <canvas ref={canvas} />
        {count === 0 && <NoFaults className="tape-hint" />}
      </div>
    </Panel>
  );
}

/** The latest faults, newest first; choosing one looks at its page. */
export function FaultList() {
  observed.atLeisure.faults.value;
  const faults = observed.faults.faults.slice(-40).reverse();
  // While there is none to list, how many there have been is what there is to say.
  if (faults.length === 0) observed.faultsSeen.value;
  return (
    <Panel name="faults" title={text.panels.faults}>
      {faults.length === 0 ? (
        <NoFaults />
      ) : (
        <ol class="fault-list" aria-label={text.faults.caption}>
          {faults.map((fault) => (
            <FaultRow key={`${fault.cpu} ${fault.begin} ${fault.end}`} fault={fault} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function FaultRow({ fault }: { fault: Fault }) {
  const owner = observed.processes.value.find(({ index }) => index === fault.process);
  const state = FOUND_STATES[fault.kind];
  const phases = fault.phases
    .filter(({ begin, end }) => end > begin)
    .map(
      ({ phase, begin, end }) =>
        `${text.faults.phases[phase] ?? phase} ${text.duration(end - begin)}`,
    )
    .join(' · ');
  return (
    <li data-fault={fault.kind}>
      <button
        type="button"
        class={isSelectedFault(fault) ? 'row-button fault selected' : 'row-button fault'}
        aria-pressed={isSelectedFault(fault)}
        onClick={() => {
          selectedFault.value = { cpu: fault.cpu, begin: fault.begin };
          if (owner !== undefined) selectProcess(owner.name);
          selectPage(fault.page);
        }}
      >
        {state !== undefined && <StateGlyph state={state} of="pages" size={12} />}
        <span class="fault-kind">{text.faults.kinds[fault.kind]}</span>
        <span class="fault-page digits">
          {owner?.name ?? '–'} {text.pageNumber(fault.page)}
        </span>
        <span class="fault-cpu digits">{text.onCpu(fault.cpu)}</span>
        <span class="fault-time digits">{text.duration(fault.end - fault.begin)}</span>
        {phases !== '' && <span class="phases digits">{phases}</span>}
      </button>
    </li>
  );
}
