// Lists the latest faults.

import { FOUND_STATES } from '../draw/palette.ts';
import type { Fault } from '../store/machine/fault-log.ts';
import { observed } from '../store/machine/observation.ts';
import {
  isSelectedFault,
  selectedFault,
  selectPage,
  selectProcess,
} from '../store/page/selection.ts';
import { clockStep } from '../store/run/clock.ts';
import { text } from '../text/text.ts';
import { NoFaults } from './NoFaults.tsx';
import { Panel } from './Panel.tsx';
import { StateGlyph } from './StateGlyph.tsx';
import './FaultList.css';

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
        `${text.faults.phases[phase] ?? phase} ${text.timed(end - begin, clockStep.value)}`,
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
        <span class="fault-time digits">
          {text.timed(fault.end - fault.begin, clockStep.value)}
        </span>
        {phases !== '' && <span class="phases digits">{phases}</span>}
      </button>
    </li>
  );
}
