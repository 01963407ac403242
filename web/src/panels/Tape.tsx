// Below everything: the faults in time, a lane for each CPU, and the same in a table.

import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { paintTape, type Slice } from '../draw/tape.ts';
import type { Fault } from '../store/fault-log.ts';
import { loop } from '../store/loop.ts';
import { observed } from '../store/observation.ts';
import { selectPage, selectProcess } from '../store/selection.ts';
import { scenario } from '../store/session.ts';
import { theme } from '../store/settings.ts';
import { duration, text } from '../text.ts';
import { StateGlyph } from './Glyph.tsx';
import { Panel } from './Panel.tsx';

/** The page state that each kind of fault finds; a failed one finds none. */
const FOUND_STATE = [-1, 0, 5, 4, 7, 6];

function sliceOf(fault: Fault): Slice {
  return {
    cpu: fault.cpu,
    begin: fault.begin,
    end: fault.end,
    state: FOUND_STATE[fault.kind] ?? -1,
    phases: fault.phases.map(({ begin }) => begin),
  };
}

export function Tape() {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const machine = observed.machine.value;
  observed.version.value;
  const count = observed.faults.faults.length;
  const threads = scenario.value.runtime?.kind === 'threads';

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => loop.request());
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(
    () =>
      loop.paint(() => {
        const [room, surface] = [frame.current, canvas.current];
        const context = surface?.getContext('2d');
        const views = observed.machine.value;
        if (room === null || surface === null || !context) return false;
        const { clientWidth: width, clientHeight: height } = room;
        const ratio = devicePixelRatio;
        if (
          surface.width !== Math.round(width * ratio) ||
          surface.height !== Math.round(height * ratio)
        ) {
          surface.width = Math.round(width * ratio);
          surface.height = Math.round(height * ratio);
        }
        const shape = {
          width,
          height,
          ratio,
          theme: theme.value,
          cpus: views?.layout.cpus ?? 0,
          laneLabel: text.faults.lane,
          tickLabel: duration,
        };
        paintTape(context, shape, observed.faults.faults.slice(-200).map(sliceOf));
        return false;
      }),
    [],
  );
  useEffect(() => loop.request());

  return (
    <Panel
      name="tape"
      title={text.panels.tape}
      caption={
        machine === undefined ? '' : threads ? text.faults.measuredTime : text.faults.virtualTime
      }
    >
      <div ref={frame} class="tape" role="img" aria-label={text.faults.tapeLabel(count)}>
        <canvas ref={canvas} />
        {count === 0 && <p class="hint tape-hint">{text.faults.none}</p>}
      </div>
    </Panel>
  );
}

/** The latest faults, newest first; choosing one looks at its page. */
export function FaultList() {
  observed.version.value;
  const faults = observed.faults.faults.slice(-40).reverse();
  return (
    <Panel name="faults" title={text.panels.faults}>
      {faults.length === 0 ? (
        <p class="hint">{text.faults.none}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
        <section class="fault-list" tabIndex={0} aria-label={text.faults.caption}>
          <table>
            <thead class="unseen">
              <tr>
                <th scope="col">{text.faults.columns.kind}</th>
                <th scope="col">{text.faults.columns.page}</th>
                <th scope="col">{text.faults.columns.cpu}</th>
                <th scope="col">{text.faults.columns.time}</th>
              </tr>
            </thead>
            <tbody>
              {faults.map((fault) => (
                <FaultRow key={`${fault.cpu} ${fault.begin} ${fault.end}`} fault={fault} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Panel>
  );
}

function FaultRow({ fault }: { fault: Fault }) {
  const owner = observed.processes.value.find(({ index }) => index === fault.process);
  const state = FOUND_STATE[fault.kind] ?? -1;
  const phases = fault.phases
    .filter(({ begin, end }) => end > begin)
    .map(
      ({ phase, begin, end }) => `${text.faults.phases[phase] ?? phase} ${duration(end - begin)}`,
    )
    .join(' · ');
  return (
    <tr data-fault={fault.kind}>
      <td>
        {state >= 0 && <StateGlyph state={state} size={12} />} {text.faults.kinds[fault.kind]}
      </td>
      <td>
        <button
          type="button"
          class="link digits"
          onClick={() => {
            if (owner !== undefined) selectProcess(owner.name);
            selectPage(fault.page);
          }}
        >
          {owner?.name ?? '–'} {fault.page}
        </button>
      </td>
      <td class="digits fault-cpu">{fault.cpu}</td>
      <td class="digits fault-time" title={phases}>
        {duration(fault.end - fault.begin)}
        {phases !== '' && <span class="phases">{phases}</span>}
      </td>
    </tr>
  );
}
