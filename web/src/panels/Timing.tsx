// Shows where the time of faults goes: the selected fault as a stack of its parts, and how long all faults of each kind
// took.

import { useEffect, useState } from 'preact/hooks';
import { distributionOf } from '../draw/distribution.ts';
import { FOUND_STATES } from '../draw/palette.ts';
import { type Latencies, latenciesOf } from '../engine/latency.ts';
import { LOCK_CLASSES } from '../generated/machine.ts';
import type { Fault } from '../store/machine/fault-log.ts';
import { partTimes, segmentsOf } from '../store/machine/fault-segments.ts';
import { observed } from '../store/machine/observation.ts';
import { isSelectedFault, selectedFault } from '../store/page/selection.ts';
import { theme } from '../store/page/settings.ts';
import { folded } from '../store/page/shown-panels.ts';
import { clockStep } from '../store/run/clock.ts';
import { runtimeKind } from '../store/run/open-machine.ts';
import { PART_TERMS, type TermName } from '../text/glossary.ts';
import { text } from '../text/text.ts';
import { Term } from '../widgets/Term.tsx';
import type { LatencyChart } from './LatencyChart.tsx';
import { NoFaults } from './NoFaults.tsx';
import { Panel } from './Panel.tsx';
import { StateGlyph } from './StateGlyph.tsx';
import './Timing.css';

/** Those kinds of faults that have latencies are all but the first, in their order. */
const TIMED_STATES = FOUND_STATES.slice(1).map((state = 0) => state);
const TIMED_TERMS: readonly TermName[] = [
  'demand-zero',
  'soft-fault',
  'hard-fault',
  'write-protect',
  'collided',
];
const TIMED_NAMES = text.faults.kinds.slice(1);

export function Timing() {
  const machine = observed.machine.value;
  observed.atLeisure.timing.value;
  const unit = runtimeKind.value === 'threads' ? text.timing.sampledTime : text.timing.virtualTime;
  const isFolded = folded.value.has('timing');
  return (
    <Panel
      name="timing"
      title={text.panels.timing}
      caption={machine === undefined ? '' : text.timing.inSteps(unit, clockStep.value)}
      scrolls={true}
    >
      {!isFolded &&
        (machine === undefined ? (
          <p class="hint">{text.status.closed}</p>
        ) : (
          <div class="timing">
            <SelectedFault />
            <Distributions
              kinds={TIMED_NAMES.map((_, kind) => latenciesOf(machine, kind))}
              unit={unit}
            />
          </div>
        ))}
    </Panel>
  );
}

function SelectedFault() {
  observed.atLeisure.timing.value;
  const faults = observed.faults.faults;
  const fault = faults.find(isSelectedFault) ?? faults.at(-1);
  if (fault === undefined) return <NoFaults />;
  return <FaultStack fault={fault} isChosen={selectedFault.value !== undefined} />;
}

/** A part of the bar that is at least this share of it has its name over it. */
const LABELLED = 0.12;

/** One fault: a bar of its parts in time, and of each what it took in all and when. */
function FaultStack({ fault, isChosen }: { fault: Fault; isChosen: boolean }) {
  const owner = observed.processes.value.find(({ index }) => index === fault.process);
  const segments = segmentsOf(fault);
  const begin = segments[0]?.begin ?? fault.begin;
  const whole = Math.max(1, fault.end - begin);
  const name = (part: string) => text.timing.part(part, fault.kind);
  const nameOfLock = (rank: number | undefined) => {
    const lock = LOCK_CLASSES[rank ?? -1];
    return lock === undefined ? '' : ` (${text.locks.classNames[lock]})`;
  };
  return (
    <div class="fault-stack" data-fault-stack={`${fault.cpu} ${fault.begin}`}>
      <p class="stack-title">
        <b>{text.faults.kinds[fault.kind]}</b>{' '}
        <span class="digits">
          {owner?.name ?? '–'} {text.pageNumber(fault.page)} · {text.onCpu(fault.cpu)} ·{' '}
          {text.timed(fault.end - fault.begin, clockStep.value)}
          {fault.walk > 0 && text.timing.afterWalk(fault.walk)}
        </span>
        {!isChosen && <span class="hint"> {text.timing.latest}</span>}
      </p>
      <div class="parts-names" aria-hidden="true">
        {segments.map((segment) => (
          <span key={segment.begin} style={{ flexGrow: (segment.end - segment.begin) / whole }}>
            {(segment.end - segment.begin) / whole >= LABELLED && name(segment.part)}
          </span>
        ))}
      </div>
      <div class="parts-bar" aria-hidden="true">
        {segments.map((segment) => (
          <span
            key={segment.begin}
            class={`part part-${segment.part}`}
            style={{ flexGrow: (segment.end - segment.begin) / whole }}
            title={`${name(segment.part)}${nameOfLock(segment.lock)} ${text.timed(segment.end - segment.begin, clockStep.value)}`}
          />
        ))}
      </div>
      <table class="parts-table figures">
        <caption class="unseen">{text.timing.partsCaption}</caption>
        <tbody data-terms>
          {partTimes(segments).map(({ part, ns }, at) => (
            <tr key={part} data-part={part}>
              <th scope="row">
                <Term of={PART_TERMS[part] ?? 'fault'} isStop={at === 0}>
                  {name(part)}
                </Term>
              </th>
              <td class="digits">{text.timed(ns, clockStep.value)}</td>
              <td class="digits">{text.percent(ns / whole)}</td>
              <td class="part-track" aria-hidden="true">
                {segments
                  .filter((segment) => segment.part === part)
                  .map((segment) => (
                    <span
                      key={segment.begin}
                      class={`part part-${part}`}
                      style={{
                        left: `${(100 * (segment.begin - begin)) / whole}%`,
                        width: `${(100 * (segment.end - segment.begin)) / whole}%`,
                      }}
                    />
                  ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Distributions({ kinds, unit }: { kinds: Latencies[]; unit: string }) {
  const [Chart, setChart] = useState<typeof LatencyChart>();
  useEffect(() => {
    void import('./LatencyChart.tsx').then((loaded) => setChart(() => loaded.LatencyChart));
  }, []);
  const happened = kinds.some(({ timed }) => timed > 0);
  return (
    <div class="distributions">
      <table class="figures quantiles">
        <caption class="unseen">{text.timing.quantilesCaption(unit)}</caption>
        <thead>
          <tr>
            <th scope="col">{text.faults.kind}</th>
            <th scope="col">{text.timing.timed}</th>
            <th scope="col">p50</th>
            <th scope="col">p99</th>
            <th scope="col">p99.9</th>
          </tr>
        </thead>
        <tbody data-terms>
          {kinds.map((latencies, kind) => (
            <tr key={kind} class={latencies.timed === 0 ? 'nil' : ''} data-latency={kind}>
              <th scope="row">
                <StateGlyph state={TIMED_STATES[kind] ?? 0} of="pages" size={12} />{' '}
                <Term of={TIMED_TERMS[kind] ?? 'fault'} isStop={kind === 0}>
                  {TIMED_NAMES[kind]}
                </Term>
              </th>
              <td class="digits">{text.number(latencies.timed)}</td>
              {[0.5, 0.99, 0.999].map((share) => (
                <td key={share} class="digits">
                  {latencies.timed === 0
                    ? '–'
                    : text.quantile(latencies.quantile(share), clockStep.value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {happened && Chart !== undefined && (
        <Chart
          distribution={distributionOf(kinds)}
          states={TIMED_STATES}
          names={TIMED_NAMES}
          theme={theme.value}
          label={text.timing.chartLabel(unit)}
          unit={unit}
        />
      )}
    </div>
  );
}
