// Shows what locks cost by class and, as heat, by region of the selected process, which task waits for which, and what
// cache lines cost that travel.

import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { cellAt, fitGrid } from '../draw/grid.ts';
import { paintHeat } from '../draw/heat.ts';
import { lineCosts } from '../engine/lines.ts';
import {
  type LockClass,
  type LockName,
  lockCosts,
  locksNow,
  type RegionCost,
  regionCosts,
} from '../engine/locks.ts';
import type { MachineViews } from '../engine/views.ts';
import { LOCK_CLASSES } from '../generated/machine.ts';
import { drawsAs } from '../picture/drawings.ts';
import { placed, waitsAmong } from '../store/machine/lock-waits.ts';
import { observed } from '../store/machine/observation.ts';
import { loop } from '../store/page/loop.ts';
import { hoveredPage, selectPage } from '../store/page/selection.ts';
import { theme } from '../store/page/settings.ts';
import { folded } from '../store/page/shown-panels.ts';
import { clockStep } from '../store/run/clock.ts';
import { runtimeKind } from '../store/run/open-machine.ts';
import type { TermName } from '../text/glossary.ts';
import { text } from '../text/text.ts';
import { Term } from '../widgets/Term.tsx';
import { Panel } from './Panel.tsx';
import './Locks.css';

export function Locks() {
  const machine = observed.machine.value;
  observed.atLeisure.locks.value;
  const isFolded = folded.value.has('locks');
  const unit = runtimeKind.value === 'threads' ? text.timing.sampledTime : text.timing.virtualTime;
  return (
    <Panel
      name="locks"
      title={text.panels.locks}
      caption={machine === undefined ? '' : text.timing.inSteps(unit, clockStep.value)}
      scrolls={true}
    >
      {!isFolded &&
        (machine === undefined ? (
          <p class="hint">{text.status.closed}</p>
        ) : (
          <div class="locks">
            <Waits machine={machine} />
            <Classes machine={machine} />
            <Regions machine={machine} />
            <Lines machine={machine} />
          </div>
        ))}
    </Panel>
  );
}

const COLUMN_TERMS: readonly TermName[] = [
  'lock',
  'acquired',
  'contended',
  'contended',
  'total-wait',
  'total-held',
];

function Classes({ machine }: { machine: MachineViews }) {
  observed.atLeisure.locks.value;
  const costs = lockCosts(machine);
  return (
    <table class="figures lock-classes">
      <caption class="unseen">{text.locks.classesCaption}</caption>
      <thead>
        <tr data-terms>
          {text.locks.columns.map((column, at) => (
            <th key={column} scope="col">
              <Term of={COLUMN_TERMS[at] ?? 'lock'} isStop={at === 0}>
                {column}
              </Term>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {costs.map(({ acquisitions, contended, wait, hold }, rank) => {
          const name = LOCK_CLASSES[rank] as LockClass;
          return (
            <tr key={name} class={acquisitions === 0 ? 'nil' : ''} data-lock={name}>
              <th scope="row">{text.locks.classNames[name]}</th>
              <td class="digits">{text.number(acquisitions)}</td>
              <td class="digits">{text.number(contended)}</td>
              <td class="digits">
                {acquisitions === 0 ? '–' : text.percent(contended / acquisitions)}
              </td>
              <td class="digits">{text.duration(wait)}</td>
              <td class="digits">{text.duration(hold)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** What the cache lines of each class of words have cost, where virtual CPUs know cache lines. */
function Lines({ machine }: { machine: MachineViews }) {
  observed.atLeisure.locks.value;
  const costs = lineCosts(machine);
  if (costs.length === 0) return null;
  return (
    <table class="figures line-costs">
      <caption>{text.cacheLines.caption}</caption>
      <thead>
        <tr data-terms>
          {text.cacheLines.columns.map(([column, meaning], at) => (
            <th key={column} scope="col">
              <Term says={meaning} isStop={at === 0}>
                {column}
              </Term>
            </th>
          ))}
        </tr>
      </thead>
      <tbody data-terms>
        {costs.map(({ name, transfers, falselyShared, queued, lost }, at) => (
          <tr key={name} data-line={name}>
            <th scope="row">
              <LineName name={name} isStop={at === 0} />
            </th>
            <td class="digits">{text.number(transfers)}</td>
            <td class="digits">{text.number(falselyShared)}</td>
            <td class="digits">{text.duration(queued)}</td>
            <td class="digits">{text.duration(lost)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A class of words, as reports call it; what it is for opens beside it. */
function LineName({ name, isStop }: { name: string; isStop: boolean }) {
  const meaning = text.cacheLines.meaning(name);
  return meaning === undefined ? (
    name
  ) : (
    <Term says={meaning} isStop={isStop}>
      {name}
    </Term>
  );
}

function ownerOfRow(machine: MachineViews, row: number): string {
  return text.locks.rowName(machine.ownerOf(row));
}

function nameOf(machine: MachineViews, { kind, process, number: at }: LockName): string {
  const name = LOCK_CLASSES[kind] as LockClass;
  const owner = observed.processes.value.find(({ index }) => index === process)?.name;
  const { list_names, pages_per_lock } = machine.layout;
  return text.locks.lockName(name, at, {
    process: owner,
    pages: pages_per_lock,
    list: list_names[at],
  });
}

const LINE = 22;
const [WAITER, LOCK, HOLDER] = [0, 92, 262];

/** The graph of who waits for whom, a row for each lock that anyone awaits. */
function Waits({ machine }: { machine: MachineViews }) {
  observed.atLeisure.locks.value;
  const waits = placed(waitsAmong(locksNow(machine)));
  if (waits.length === 0) return null;
  const last = waits.at(-1);
  const height = ((last?.top ?? 0) + (last?.lines ?? 0)) * LINE;
  return (
    <figure class="waits" data-waits={waits.length}>
      <figcaption>{text.locks.waitsCaption(waits.some(({ isCircular }) => isCircular))}</figcaption>
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: its words are read one by one */}
      <svg width="360" height={height}>
        {waits.map((wait) => {
          const middle = (wait.top + wait.lines / 2) * LINE;
          const lineOf = (at: number, count: number) =>
            (wait.top + (at + 0.5) * (wait.lines / Math.max(1, count))) * LINE;
          const lock = nameOf(machine, wait.lock);
          return (
            <g key={lock} class={wait.isCircular ? 'wait circular' : 'wait'}>
              {wait.waiters.map((row, at) => (
                <g key={row}>
                  <path
                    d={`M${WAITER + 62} ${lineOf(at, wait.waiters.length)}C${LOCK - 12} ${lineOf(at, wait.waiters.length)} ${LOCK - 18} ${middle} ${LOCK - 3} ${middle}`}
                    class="awaits"
                  />
                  <text x={WAITER} y={lineOf(at, wait.waiters.length)}>
                    {ownerOfRow(machine, row)}
                  </text>
                </g>
              ))}
              <rect x={LOCK} y={middle - 9} width={HOLDER - LOCK - 30} height={18} rx={9} />
              <text x={LOCK + 9} y={middle} class="lock">
                {lock}
              </text>
              {wait.holders.length === 0 && (
                <text x={HOLDER} y={middle} class="unknown">
                  {runtimeKind.value === 'threads'
                    ? text.locks.holderUnknown
                    : text.locks.handedOver}
                </text>
              )}
              {wait.holders.map((row, at) => (
                <g key={row}>
                  <path
                    d={`M${HOLDER - 30} ${middle}L${HOLDER - 5} ${lineOf(at, wait.holders.length)}`}
                    class="holds"
                  />
                  <text x={HOLDER} y={lineOf(at, wait.holders.length)}>
                    {ownerOfRow(machine, row)}
                  </text>
                </g>
              ))}
            </g>
          );
        })}
      </svg>
    </figure>
  );
}

/** Regions that are told in words. */
const MOST_TOLD = 64;

/** Heat over the regions of the selected process, and the same as a list, hottest first. */
function Regions({ machine }: { machine: MachineViews }) {
  observed.atLeisure.locks.value;
  const row = observed.selected.value;
  if (row === undefined) return null;
  const { pages_per_lock } = machine.layout;
  const pages = pages_per_lock === 0 ? row.pages : pages_per_lock;
  const regions = regionCosts(machine, row.index);
  // Where nobody ever waited, how long the locks were held is what there is to see.
  const metric = regions.some(({ wait }) => wait > 0) ? 'wait' : 'hold';
  const hottest = regions
    .filter((region) => region[metric] > 0)
    .sort((a, b) => b[metric] - a[metric] || a.page - b.page)
    .slice(0, MOST_TOLD);
  const count = Math.ceil(row.pages / pages);
  return (
    <section class="regions" aria-label={text.locks.regions(row.name)}>
      <h3>{text.locks.regionsOf(row.name, count, pages, metric)}</h3>
      <HeatMap regions={regions} count={count} pages={pages} metric={metric} />
      <ol class="region-list">
        {hottest.map((region) => (
          <li key={region.page}>
            <button
              type="button"
              class="region"
              data-region={region.page}
              onClick={() => selectPage(region.page)}
              onPointerEnter={() => {
                hoveredPage.value = region.page;
              }}
              onPointerLeave={() => {
                hoveredPage.value = -1;
              }}
            >
              <span class="digits">
                {text.locks.pages(region.page, Math.min(row.pages, region.page + pages) - 1)}
              </span>
              <span class="digits">
                {text.locks.regionCost(region.contended, region[metric], metric)}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

interface HeatMapProps {
  readonly regions: readonly RegionCost[];
  readonly count: number;
  readonly pages: number;
  readonly metric: 'wait' | 'hold';
}

function HeatMap(props: HeatMapProps) {
  const { regions, count, pages, metric } = props;
  const room = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useSignal(0);
  useLayoutEffect(() => {
    const element = room.current;
    if (element === null) return undefined;
    const measure = () => {
      width.value = element.clientWidth;
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [width]);
  const shape = useMemo(
    () =>
      fitGrid({
        ...{ count, width: Math.max(1, width.value), height: 96 },
        ...{ gutter: 0, smallest: 4, largest: 18 },
      }),
    [count, width.value],
  );
  const costs = new Map(
    regions.map((region) => [Math.floor(region.page / pages), region[metric]] as const),
  );
  const hovered = hoveredPage.value < 0 ? -1 : Math.floor(hoveredPage.value / pages);
  const shownTheme = theme.value;
  // Redrawn with the words around it, not with every frame.
  useEffect(() => {
    const surface = canvas.current;
    const context = surface?.getContext('2d');
    if (surface === null || !context) return;
    const ratio = devicePixelRatio;
    surface.width = Math.round(shape.width * ratio);
    surface.height = Math.round(shape.height * ratio);
    const view = { theme: shownTheme, top: 0, height: shape.height, hovered };
    paintHeat(context, shape, costs, { ...view, ratio });
    drawsAs(surface, (picture) => paintHeat(picture, shape, costs, { ...view, ratio: 1 }));
  });
  const regionAt = (event: MouseEvent) => {
    const bounds = canvas.current?.getBoundingClientRect();
    if (bounds === undefined) return -1;
    return cellAt(shape, event.clientX - bounds.left, event.clientY - bounds.top);
  };
  return (
    <div ref={room} class="heat" aria-hidden="true">
      <canvas
        ref={canvas}
        style={{ width: `${shape.width}px`, height: `${shape.height}px` }}
        onPointerMove={(event) => {
          const region = regionAt(event);
          hoveredPage.value = region < 0 ? -1 : region * pages;
        }}
        onPointerLeave={() => {
          hoveredPage.value = -1;
        }}
        onClick={(event) => {
          const region = regionAt(event);
          if (region >= 0) selectPage(region * pages);
          loop.request();
        }}
      />
    </div>
  );
}
