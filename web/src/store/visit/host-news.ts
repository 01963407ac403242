// Tells the page around this one what happens: each place that the machine comes to, faults that have ended, what
// goes wrong, and how high the page is.

import { effect, untracked } from '@preact/signals';
import type { LabFault, LabProblem, Standing, Told } from '../../../../element/src/protocol.ts';
import { FAULT_KINDS } from '../../generated/machine.ts';
import { text } from '../../text/text.ts';
import type { Fault } from '../machine/fault-log.ts';
import { observed } from '../machine/observation.ts';
import { era, problem, scenario, status } from '../run/open-machine.ts';
import { cursor, playhead, playing, records } from '../run/playhead.ts';
import { scriptOf } from '../script/document.ts';
import { brokenLink } from './links.ts';

type Tell = (told: Told) => void;

export function standing(): Standing {
  const { line, events, time_ns, under_way } = playhead.value;
  const script = scriptOf(scenario.value);
  const [op, record] = [script[line - 1], records.value[line - 1]];
  return {
    lines: line,
    of: script.length,
    event: events,
    time_ns,
    underWay: under_way,
    playing: playing.value,
    counters: observed.countersNow(),
    ...(op !== undefined &&
      record !== undefined && { last: { line, op, outcome: record.outcome } }),
  };
}

/** What is wrong at present, if anything is. */
export function presentProblem(): LabProblem | undefined {
  const { value: now } = status;
  const broken = brokenLink.value;
  if (problem.value !== undefined) {
    const { path, found, legal, message } = problem.value;
    return { where: `scenario${path}`, found, legal, message };
  }
  if (broken !== undefined) {
    const message = text.errors.links[broken.fault](broken.detail);
    return { where: 'scenario', found: broken.fault, legal: 'a link of Faultline', message };
  }
  if (now.kind !== 'failed') return undefined;
  const legal = 'a machine that runs on';
  return { where: `script/${now.line}`, found: now.worker, legal, message: now.message };
}

const placeOf = ({ cpu, begin }: Fault): string => `${cpu} ${begin}`;

/** Tells which faults have ended since it was asked before. */
class FaultNews {
  #told = new Set<string>();
  #counted = 0;
  #era = -1;
  #events = 0;

  since(): { faults: readonly LabFault[]; missed: number } {
    const faults = observed.faults.faults;
    const { events } = playhead.peek();
    const counted = observed.countersNow().faults ?? 0;
    // On another machine, or back in the run, what the log has is not new.
    const isBack = events < this.#events || counted < this.#counted;
    const isOther = era() !== this.#era;
    const fresh =
      isBack && !isOther ? [] : faults.filter((one) => isOther || !this.#told.has(placeOf(one)));
    const grown = isOther ? counted : counted - this.#counted;
    this.#told = new Set(faults.map(placeOf));
    [this.#counted, this.#era, this.#events] = [counted, era(), events];
    return { faults: fresh.map(asTold), missed: Math.max(0, grown - fresh.length) };
  }
}

function asTold({ cpu, process, page, write, kind, begin, end }: Fault): LabFault {
  const name = observed.processes.peek().find(({ index }) => index === process)?.name ?? '';
  const [begin_ns, end_ns] = [begin, end];
  return { process: name, page, write, kind: FAULT_KINDS[kind] ?? '', cpu, begin_ns, end_ns };
}

/** Tells all of it from now on; called once. */
export function tellNews(tell: Tell): void {
  effect(() => {
    void [playhead.value, playing.value];
    // Not before a scenario is open: until then there is no place in a run.
    if (status.value.kind === 'ready' || status.value.kind === 'busy') {
      untracked(() => tell({ tell: 'step', standing: standing() }));
    }
  });
  effect(() => {
    const found = presentProblem();
    if (found !== undefined) tell({ tell: 'problem', problem: found });
  });
  tellFaults(tell);
  const page = document.getElementById('page');
  if (page === null) return;
  const observer = new ResizeObserver(() => {
    tell({ tell: 'height', height: Math.ceil(page.getBoundingClientRect().height) });
  });
  observer.observe(page);
}

function tellFaults(tell: Tell): void {
  const news = new FaultNews();
  effect(() => {
    void [observed.faultsSeen.value, cursor.value];
    untracked(() => {
      const { faults, missed } = news.since();
      if (faults.length > 0 || missed > 0) tell({ tell: 'faults', faults, missed });
    });
  });
}
